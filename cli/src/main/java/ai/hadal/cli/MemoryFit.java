package ai.hadal.cli;

import ai.hadal.engine.MemoryPlan;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.Numerics;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a model needs on the Java heap for several context lengths.
///
/// @param plans by ascending context; empty where there is no configuration
/// @param longest for the longest context that fits, null where none does
record MemoryFit(List<MemoryPlan> plans, @Nullable MemoryPlan longest) {

    private static final List<Integer> CONTEXTS = List.of(4096, 32_768, 131_072);

    /// Plans for the usual lengths that the model reaches, its longest one, and the one asked for.
    ///
    /// @param numerics the profile that the model would run in
    /// @param context the length asked for, 0 for none; may be longer than the model was made for
    static MemoryFit of(@Nullable ModelConfig config, Numerics numerics, int context, int batchSize) {
        if (config == null) {
            return new MemoryFit(List.of(), null);
        }
        var contexts = new TreeSet<>(CONTEXTS);
        contexts.add(config.maxPositions());
        contexts.removeIf(n -> n > config.maxPositions());
        if (context > 0) {
            contexts.add(context);
        }
        var plans = contexts.stream()
                .map(n -> MemoryPlan.of(config, numerics, n, batchSize))
                .toList();
        int longest = MemoryPlan.longestContext(config, numerics, batchSize);
        return new MemoryFit(plans, longest == 0 ? null : MemoryPlan.of(config, numerics, longest, batchSize));
    }
}
