package ai.hadal.model;

import ai.hadal.backend.Entries;

/// Memory of a sequence and of a step, in bytes, from the configuration alone.
public final class SequenceSize {

    private SequenceSize() {}

    /// Rings of one sequence, whatever its length.
    public static long fixedBytes(ModelConfig c) {
        long floats = 0;
        int history = c.slidingWindow();
        for (int ratio : c.compressRatios()) {
            floats += 2L * history * c.headDim();
            if (ratio > 0) {
                floats += ringFloats(history, ratio, c.headDim());
            }
            if (ratio == 4) {
                floats += ringFloats(history, ratio, c.indexHeadDim());
            }
        }
        return floats * Float.BYTES;
    }

    private static long ringFloats(int history, int ratio, int width) {
        return 2L * (history + 2 * ratio) * (ratio == 4 ? 2 * width : width);
    }

    /// Compressed entries and index keys that each further token adds under a profile.
    public static double bytesPerToken(ModelConfig c, Numerics numerics) {
        return ModelSize.kvBytesPerToken(c, ModelSize.KvEntry.kept(c, numerics.cacheRounding()));
    }

    /// Activations of a step of this many tokens (all its logits not included), and the entries that its attention
    /// reads as floats.
    ///
    /// @param context tokens of the longest sequence
    public static long stepBytes(ModelConfig c, int tokens, int context) {
        long entries = (Math.min(Entries.GATHERED, context / 4L) + c.slidingWindow() + tokens) * c.headDim();

        long streams = 3L * c.hcMult() * c.hiddenSize();
        long attention = 2L * c.heads() * c.headDim()
                + c.qLoraRank()
                + 5L * c.headDim()
                + (long) c.oGroups() * c.oLoraRank()
                + (long) c.indexHeads() * c.indexHeadDim()
                + 4L * c.indexHeadDim();
        long experts = (c.expertsPerToken() + 1L) * (2L * c.expertWidth() + c.hiddenSize()) + c.experts();
        return (streams + attention + experts + 4L * c.hiddenSize()) * tokens * Float.BYTES + entries * Float.BYTES;
    }
}
