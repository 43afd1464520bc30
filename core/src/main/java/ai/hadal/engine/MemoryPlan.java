package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.Numerics;
import ai.hadal.model.SequenceSize;
import ai.hadal.model.SequenceState;

/// What one sequence of a given length needs on the Java heap; weights are mapped and not counted.
///
/// @param context tokens planned for
/// @param fixedBytes rings of a sequence and of the prompt ends that its session remembers, and what drafting needs
/// @param entryBytes compressed entries at the planned length
/// @param stepBytes activations of a prefill step
/// @param heapBytes what the Java heap may grow to
public record MemoryPlan(int context, long fixedBytes, long entryBytes, long stepBytes, long heapBytes) {

    /// Share of the heap that plans may use; the rest is for the program around them.
    private static final double USABLE = 0.85;

    /// The plan for a context length and prefill chunk on this Java heap.
    public static MemoryPlan of(ModelConfig config, Numerics numerics, int context, int prefillChunk) {
        return new MemoryPlan(
                context,
                ringBytes(config),
                (long) (SequenceSize.bytesPerToken(config, numerics) * context),
                SequenceSize.stepBytes(config, numerics, Math.min(largestStep(prefillChunk), context), context),
                Runtime.getRuntime().maxMemory());
    }

    /// Tokens of a prefill step, or of one that verifies drafts.
    private static int largestStep(int prefillChunk) {
        return Math.max(prefillChunk, 1 + SequenceState.MOST_DRAFTS);
    }

    private static long ringBytes(ModelConfig config) {
        return Session.RING_SETS * SequenceSize.fixedBytes(config) + SequenceSize.draftBytes(config);
    }

    /// The longest context that fits this Java heap, at most the model's positions; 0 when not even one token does.
    public static int longestContext(ModelConfig config, Numerics numerics, int prefillChunk) {
        long left = (long) (Runtime.getRuntime().maxMemory() * USABLE)
                - ringBytes(config)
                - SequenceSize.stepBytes(config, numerics, largestStep(prefillChunk), config.maxPositions());
        double tokens = left / Math.max(SequenceSize.bytesPerToken(config, numerics), 1e-9);
        return (int) Math.clamp(tokens, 0, config.maxPositions());
    }

    /// What a scheduler may use for running sequences.
    ///
    /// @param rows most tokens in one step
    /// @param cacheBytes kept for a prefix cache
    /// @return bytes; 0 or less if nothing remains
    public static long sequenceBytes(ModelConfig config, Numerics numerics, int context, int rows, long cacheBytes) {
        return (long) (Runtime.getRuntime().maxMemory() * USABLE)
                - SequenceSize.stepBytes(config, numerics, largestStep(rows), context)
                - cacheBytes;
    }

    /// What one request of a scheduler needs at its longest. The prompt of several answers is held once.
    ///
    /// @param prompt tokens
    /// @param output most tokens of an answer
    /// @param answers how many
    public static long requestBytes(ModelConfig config, Numerics numerics, int prompt, int output, int answers) {
        long tokens = prompt + (long) answers * output;
        return answers * (SequenceSize.fixedBytes(config) + SequenceSize.draftBytes(config))
                + (long) Math.ceil(SequenceSize.bytesPerToken(config, numerics) * tokens);
    }

    /// All bytes of the plan.
    public long totalBytes() {
        return fixedBytes + entryBytes + stepBytes;
    }

    /// Whether the heap holds it.
    public boolean fits() {
        return totalBytes() <= heapBytes * USABLE;
    }

    /// Checks that the heap holds it.
    ///
    /// @throws HadalException with what is needed and what to change
    public void requireFit() {
        if (!fits()) {
            throw new HadalException("a context of " + context + " tokens needs " + mib(totalBytes())
                    + " MiB, but the Java heap is limited to " + mib(heapBytes)
                    + " MiB; choose a shorter context (--ctx-size), smaller steps (--batch-size) or a larger heap"
                    + " (HADAL_JAVA_OPTS=-Xmx...)");
        }
    }

    private static long mib(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
