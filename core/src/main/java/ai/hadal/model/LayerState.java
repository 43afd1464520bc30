package ai.hadal.model;

import ai.hadal.backend.Backend;
import ai.hadal.backend.Entries;
import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.Ring;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What one block remembers of a sequence.
///
/// @param window the last key-value rows
/// @param compressor state of the block's compressor, null in SWA blocks
/// @param indexer state of the indexer's compressor, null but in CSA blocks
record LayerState(
        Ring window,
        @Nullable CompressorState compressor,
        @Nullable CompressorState indexer) {

    /// Raw value and gate rows of unfinished (and, for ratio 4, the last finished) blocks, and the entries so far.
    record CompressorState(int ratio, Ring values, Ring gates, Entries entries) {

        /// Rows are kept for rolling back up to `history` tokens, drafts not counted.
        static CompressorState create(Backend backend, int ratio, EntryLayout layout, int history) {
            int width = layout.width();
            int rowWidth = ratio == 4 ? 2 * width : width;
            int capacity = history + 2 * ratio + SequenceState.MOST_DRAFTS;
            return new CompressorState(
                    ratio, backend.ring(capacity, rowWidth), backend.ring(capacity, rowWidth), backend.entries(layout));
        }

        /// The oldest position whose raw rows matter to a sequence of this length.
        long oldestRow(long length) {
            return oldestRow(ratio, length);
        }

        static long oldestRow(int ratio, long length) {
            return Math.max(0, (length / ratio - (ratio == 4 ? 1 : 0)) * ratio);
        }

        CompressorState fork() {
            return new CompressorState(ratio, values.fork(), gates.fork(), entries.fork());
        }
    }

    /// @param rounded whether entries are rounded, and so kept as codes
    static LayerState create(Backend backend, ModelConfig config, int layer, boolean rounded) {
        int ratio = config.compressRatios()[layer];
        int history = config.slidingWindow();
        return new LayerState(
                backend.ring(2 * history + SequenceState.MOST_DRAFTS, config.headDim()),
                ratio == 0 ? null : CompressorState.create(backend, ratio, entryLayout(config, rounded), history),
                ratio != 4 ? null : CompressorState.create(backend, ratio, keyLayout(config, rounded), history));
    }

    /// The oldest position whose window row the next token of a sequence of this length sees.
    static long oldestWindowRow(ModelConfig config, long length) {
        return Math.max(0, length - config.slidingWindow() + 1);
    }

    /// How compressed key-value entries are kept.
    static EntryLayout entryLayout(ModelConfig config, boolean rounded) {
        return rounded ? EntryLayout.fp8(config.headDim(), config.ropeDim()) : EntryLayout.f32(config.headDim());
    }

    /// How index keys are kept.
    static EntryLayout keyLayout(ModelConfig config, boolean rounded) {
        return rounded ? EntryLayout.fp4(config.indexHeadDim()) : EntryLayout.f32(config.indexHeadDim());
    }

    /// The block's compressor and its indexer's, those of them that it has.
    List<CompressorState> compressors() {
        return Stream.of(Optional.ofNullable(compressor), Optional.ofNullable(indexer))
                .flatMap(Optional::stream)
                .toList();
    }

    LayerState fork() {
        return new LayerState(
                window.fork(), compressor == null ? null : compressor.fork(), indexer == null ? null : indexer.fork());
    }

    void truncate(long length) {
        for (var c : compressors()) {
            c.entries.truncate((int) (length / c.ratio));
        }
    }

    /// Sets all rows to zero that a sequence of this length can still need.
    void clear(ModelConfig config, long length) {
        clear(window, oldestWindowRow(config, length), length);
        for (var c : compressors()) {
            clear(c.values, c.oldestRow(length), length);
            clear(c.gates, c.oldestRow(length), length);
        }
    }

    private static void clear(Ring ring, long from, long end) {
        float[] zeros = new float[ring.width()];
        for (long p = from; p < end; p++) {
            ring.write(p, zeros);
        }
    }

    long entryBytes() {
        return (compressor == null ? 0 : compressor.entries.bytes()) + (indexer == null ? 0 : indexer.entries.bytes());
    }
}
