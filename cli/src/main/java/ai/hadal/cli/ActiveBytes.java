package ai.hadal.cli;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelPart;
import ai.hadal.model.ModelSize;

/// The weights that one decoded token has to read.
final class ActiveBytes {

    private ActiveBytes() {}

    /// Bytes of stored weights per token: all of the main model but the routed experts that a token does not visit
    /// and the rows of the embedding that are not its own.
    static long of(ModelConfig config, ModelSize.Stored stored) {
        long routed = part(stored, ModelPart.ROUTED_EXPERTS);
        long embedding = part(stored, ModelPart.EMBEDDING);
        return stored.total()
                - part(stored, ModelPart.MTP)
                - embedding
                + embedding / config.vocabSize()
                - routed
                + routed / config.experts() * config.expertsPerToken();
    }

    private static long part(ModelSize.Stored stored, ModelPart part) {
        return stored.byPart().getOrDefault(part, 0L);
    }
}
