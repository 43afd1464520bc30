package ai.hadal.model;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.HuggingFaceCheckpoint;
import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds a checkpoint's tensors to the architecture. Matrices stay mapped; nothing is read but the small vectors,
/// the hash tables and, up to a budget, the scales.
public final class ModelWeightsLoader {

    private ModelWeightsLoader() {}

    /// Binds all weights of a checkpoint.
    ///
    /// @throws HadalException when tensors are missing (the first is named, the rest counted), or one has a wrong
    ///     shape or type, a NaN, or a token table points past the experts
    public static ModelWeights load(Checkpoint checkpoint, ModelConfig config) {
        return load(checkpoint, null, config);
    }

    /// Binds all weights of a checkpoint whose MTP block lies in a GGUF file of its own.
    ///
    /// @param config read with the same `mtpFile`
    public static ModelWeights load(Checkpoint checkpoint, @Nullable GgufCheckpoint mtpFile, ModelConfig config) {
        WeightSource source = source(checkpoint, mtpFile, config);
        checkComplete(source, checkpoint, config);
        ModelWeights weights = new WeightBinder(source, config).bind();
        WeightScan.checkWithinBudget(weights, checkpoint.path());
        return weights;
    }

    static WeightSource source(Checkpoint checkpoint, @Nullable GgufCheckpoint mtpFile, ModelConfig config) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint huggingFace -> new HuggingFaceWeights(huggingFace);
            case GgufCheckpoint gguf -> new GgufWeights(gguf, mtpFile, config);
        };
    }

    private static void checkComplete(WeightSource source, Checkpoint checkpoint, ModelConfig config) {
        List<String> missing = new ArrayList<>();
        TensorPlan.visit(config, planned -> {
            if (source.find(planned.name()) == null) {
                missing.add(planned.name());
            }
        });
        if (missing.size() > 1) {
            throw new HadalException(checkpoint.path() + " lacks " + missing.size() + " tensors that its configuration "
                    + "calls for, the first of them " + missing.getFirst()
                    + "; download the checkpoint again or use its own configuration");
        }
        if (missing.size() == 1) {
            throw source.missing(missing.getFirst());
        }
    }
}
