package ai.hadal.cli;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelPart;
import ai.hadal.model.ModelSize;

/// What a token costs at the least: weights to read and products to compute.
///
/// @param shared bytes of the weights that every step reads once
/// @param own bytes of the rows of the embedding that a token reads
/// @param routed bytes of all routed experts
/// @param experts routed experts of a block
/// @param chosen of those, by each token
/// @param decodeFlops operations on weights per decoded token, two for each weight; attention over the context, which
///     depends on its length, is not counted
/// @param prefillFlops the same per token of a prompt, whose last token alone needs the head
record TokenCost(long shared, long own, long routed, int experts, int chosen, double decodeFlops, double prefillFlops) {

    static TokenCost of(ModelConfig config, ModelSize.Stored stored) {
        long routed = part(stored, ModelPart.ROUTED_EXPERTS);
        long embedding = part(stored, ModelPart.EMBEDDING);
        var parameters = ModelSize.parameters(config);
        double decode = 2.0 * (parameters.active() - parameters.byPart().getOrDefault(ModelPart.EMBEDDING, 0L));
        return new TokenCost(
                stored.total() - part(stored, ModelPart.MTP) - embedding - routed,
                embedding / config.vocabSize(),
                routed,
                config.experts(),
                config.expertsPerToken(),
                decode,
                decode - 2.0 * parameters.byPart().getOrDefault(ModelPart.HEAD, 0L));
    }

    /// Bytes of stored weights that a decoded token reads: all of the main model but the routed experts that it does
    /// not visit and the rows of the embedding that are not its own.
    long bytes() {
        return shared + own + routed / experts * chosen;
    }

    /// Bytes that a step of several sequences reads per token. Which experts they share depends on the texts; this is
    /// what to expect when each token chooses evenly: of E experts, n tokens with k each read
    /// `E (1 - (1 - k/E)^n)`.
    long bytes(int sequences) {
        if (sequences == 1) {
            return bytes();
        }
        double visited = 1 - Math.pow(1 - (double) chosen / experts, sequences);
        return Math.round((shared + routed * visited) / sequences) + own;
    }

    private static long part(ModelSize.Stored stored, ModelPart part) {
        return stored.byPart().getOrDefault(part, 0L);
    }
}
