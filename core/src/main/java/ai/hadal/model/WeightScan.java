package ai.hadal.model;

import ai.hadal.error.HadalException;
import ai.hadal.model.ModelWeights.Attention;
import ai.hadal.model.ModelWeights.Compressor;
import ai.hadal.model.ModelWeights.Expert;
import ai.hadal.model.ModelWeights.Indexer;
import ai.hadal.model.ModelWeights.Layer;
import ai.hadal.model.ModelWeights.Mtp;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Looks for NaN scales while a model is loaded, as far as a moment allows; [ModelProblems#contents] looks at all.
final class WeightScan {

    /// Bytes that loading may spend on it: a moment on any disk.
    private static final long BUDGET = 64L << 20;

    private WeightScan() {}

    /// Checks all weights, or all but the routed experts, as far as the budget goes.
    static void checkWithinBudget(ModelWeights weights, Path checkpoint) {
        for (boolean routed : new boolean[] {true, false}) {
            if (bytesToScan(weights, routed) <= BUDGET) {
                visit(
                        weights,
                        routed,
                        weight -> WeightCheck.problem(weight).ifPresent(problem -> {
                            throw new HadalException(sentence(checkpoint, weight, problem));
                        }));
                return;
            }
        }
    }

    private static String sentence(Path checkpoint, Weight weight, String problem) {
        return checkpoint + ": tensor " + weight.name() + " " + problem + "; download the checkpoint again";
    }

    private static long bytesToScan(ModelWeights weights, boolean routed) {
        long[] bytes = {0};
        visit(weights, routed, weight -> bytes[0] += WeightCheck.bytesToScan(weight));
        return bytes[0];
    }

    /// Every matrix in the order of the network.
    private static void visit(ModelWeights weights, boolean routed, Consumer<Weight> visitor) {
        visitor.accept(weights.embed());
        for (Layer layer : weights.layers()) {
            visit(layer, routed, visitor);
        }
        visitor.accept(weights.hcHead().fn());
        visitor.accept(weights.head());
        for (Mtp mtp : weights.mtp()) {
            visit(mtp.layer(), routed, visitor);
            visitor.accept(mtp.eProj());
            visitor.accept(mtp.hProj());
            visitor.accept(mtp.hcHead().fn());
        }
    }

    private static void visit(Layer layer, boolean routed, Consumer<Weight> visitor) {
        visitor.accept(layer.hcAttention().fn());
        Attention attention = layer.attention();
        List.of(attention.wqA(), attention.wqB(), attention.wkv(), attention.woA(), attention.woB())
                .forEach(visitor);
        Compressor compressor = attention.compressor();
        if (compressor != null) {
            visitor.accept(compressor.wkv());
            visitor.accept(compressor.wgate());
        }
        Indexer indexer = attention.indexer();
        if (indexer != null) {
            List.of(
                            indexer.wqB(),
                            indexer.weightsProj(),
                            indexer.compressor().wkv(),
                            indexer.compressor().wgate())
                    .forEach(visitor);
        }
        visitor.accept(layer.hcFfn().fn());
        visitor.accept(layer.moe().gate());
        if (routed) {
            layer.moe().experts().forEach(expert -> visit(expert, visitor));
        }
        visit(layer.moe().shared(), visitor);
    }

    private static void visit(Expert expert, Consumer<Weight> visitor) {
        visitor.accept(expert.w1());
        visitor.accept(expert.w2());
        visitor.accept(expert.w3());
    }
}
