package ai.hadal.model;

import ai.hadal.backend.Entries;
import ai.hadal.backend.EntryLayout;
import ai.hadal.tensor.Int8;

/// Memory of a sequence and of a step, in bytes, from the configuration alone.
public final class SequenceSize {

    private SequenceSize() {}

    /// Rings of one sequence, whatever its length.
    public static long fixedBytes(ModelConfig c) {
        long floats = 0;
        int history = c.slidingWindow();
        for (int layer = 0; layer < c.layers(); layer++) {
            int ratio = c.compressRatios()[layer];
            floats += windowFloats(c);
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
        return 2L * (history + 2 * ratio + SequenceState.MOST_DRAFTS) * (ratio == 4 ? 2 * width : width);
    }

    private static long windowFloats(ModelConfig c) {
        return (2L * c.slidingWindow() + SequenceState.MOST_DRAFTS) * c.headDim();
    }

    /// What drafting needs besides: the logits of a step with drafts, twice, and for an MTP block its window and the
    /// streams of that window.
    public static long draftBytes(ModelConfig c) {
        long logits = 2L * (SequenceState.MOST_DRAFTS + 1) * c.vocabSize();
        long streams = (long) c.slidingWindow() * c.hcMult() * c.hiddenSize();
        return (logits + (c.mtpLayers() > 0 ? windowFloats(c) + streams : 0)) * Float.BYTES;
    }

    /// Compressed entries and index keys that each further token adds under a profile.
    public static double bytesPerToken(ModelConfig c, Numerics numerics) {
        return ModelSize.kvBytesPerToken(c, ModelSize.KvEntry.kept(c, numerics.cacheRounding()));
    }

    /// An [EntryBlock].
    public static long blockBytes(ModelConfig c, Numerics numerics) {
        long bytes = 0;
        for (int layer = 0; layer < c.layers(); layer++) {
            int ratio = c.compressRatios()[layer];
            if (ratio > 0) {
                bytes += run(EntryBlock.TOKENS / ratio, LayerState.entryLayout(c, numerics.cacheRounding()));
            }
            if (ratio == 4) {
                bytes += run(EntryBlock.TOKENS / ratio, LayerState.keyLayout(c, numerics.cacheRounding()));
            }
        }
        return bytes;
    }

    /// A [WindowSnapshot] at the end of a block of a text that is longer than the window.
    public static long snapshotBytes(ModelConfig c, Numerics numerics) {
        long bytes = 0;
        for (int layer = 0; layer < c.layers(); layer++) {
            int ratio = c.compressRatios()[layer];
            bytes += run(c.slidingWindow() - 1, LayerState.entryLayout(c, numerics.cacheRounding()));
            if (ratio > 0) {
                bytes += tailBytes(ratio, c.headDim());
            }
            if (ratio == 4) {
                bytes += tailBytes(ratio, c.indexHeadDim());
            }
        }
        return bytes;
    }

    /// Values and gates that overlapping entries need of the last block, and no entry.
    private static long tailBytes(int ratio, int width) {
        int rows = ratio == 4 ? ratio : 0;
        return 2 * run(rows, EntryLayout.f32(2 * width)) + EntryBlock.RUN_OVERHEAD;
    }

    private static long run(int size, EntryLayout layout) {
        return (long) size * layout.bytes() + EntryBlock.RUN_OVERHEAD;
    }

    /// Activations of a step of this many tokens (all its logits not included), those that a profile rounds once more
    /// as they are multiplied, and the entries that its attention reads as floats.
    ///
    /// @param context tokens of the longest sequence
    public static long stepBytes(ModelConfig c, Numerics numerics, int tokens, int context) {
        long entries = (Math.min(Entries.GATHERED, context / 4L) + c.slidingWindow() + tokens) * c.headDim();

        long streams = 3L * c.hcMult() * c.hiddenSize();
        long attention = 2L * c.heads() * c.headDim()
                + c.qLoraRank()
                + 5L * c.headDim()
                + (long) c.oGroups() * c.oLoraRank()
                + (long) c.indexHeads() * c.indexHeadDim()
                + 4L * c.indexHeadDim();
        long experts = (c.expertsPerToken() + 1L) * (2L * c.expertWidth() + c.hiddenSize()) + c.experts();
        return (streams + attention + experts + 4L * c.hiddenSize()) * tokens * Float.BYTES
                + roundedBytes(c, numerics) * tokens
                + entries * Float.BYTES;
    }

    /// Inputs of products as a profile rounds them, for each token of a step: the widest input is kept, and as integers
    /// those of the experts' first and last matrices beside it.
    private static long roundedBytes(ModelConfig c, Numerics numerics) {
        long plain = Math.max(Math.max(c.hiddenSize(), c.qLoraRank()), (long) c.oGroups() * c.oLoraRank());
        return switch (numerics.inputRounding()) {
            case NONE -> 0;
            case FP8 -> plain * Float.BYTES;
            case INT8 ->
                Int8.bytes(Math.max(plain, (long) c.heads() * c.headDim()))
                        + Int8.bytes(c.hiddenSize())
                        + Int8.bytes((c.expertsPerToken() + 1L) * c.expertWidth());
        };
    }
}
