package ai.hadal.cli;

import ai.hadal.engine.MemoryPlan;
import ai.hadal.model.ModelConfig;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Memory plans for several context lengths.
final class MemoryFit {

    private static final List<Integer> CONTEXTS = List.of(4096, 32_768, 131_072);

    private MemoryFit() {}

    /// Plans for the usual lengths that the model reaches, its longest one, and the one asked for.
    ///
    /// @param context the length asked for, 0 for none
    static List<MemoryPlan> plans(@Nullable ModelConfig config, int context, int batchSize) {
        if (config == null) {
            return List.of();
        }
        var contexts = new TreeSet<>(CONTEXTS);
        contexts.add(config.maxPositions());
        if (context > 0) {
            contexts.add(context);
        }
        return contexts.headSet(config.maxPositions(), true).stream()
                .map(n -> MemoryPlan.of(config, n, batchSize))
                .toList();
    }

    /// Whether weights, which are mapped, stay in memory beside the Java heap of a plan.
    static boolean staysInMemory(long weightBytes, MemoryPlan plan, Machine machine) {
        return weightBytes + plan.totalBytes() <= machine.memoryBytes();
    }
}
