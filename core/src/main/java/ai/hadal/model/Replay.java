package ai.hadal.model;

import ai.hadal.model.LayerState.CompressorState;
import java.util.List;

/// Continuing from compressed entries alone (the report's zero SWA caching): the last tokens are processed
/// again, which rebuilds the windows and the raw compressor rows.
///
/// Right values spread from block to block. Say that blocks have a window of W and the replay starts at
/// position s. The first block's inputs are embeddings, right from s on. A token of block l sees the rows of
/// its own position and of the W - 1 before, and entries that are known. So if inputs of block l are right
/// from position p on, those of block l + 1 are right from `p + W - 1` on, which makes `s + l (W - 1)` for
/// block l. A sequence of n tokens still needs of block l the window rows from `n - W + 1` on and the raw
/// rows of entries that are not complete (the last complete one too in CSA blocks). The latest s that gives
/// all blocks what they need is the start. Rows before it are set to zero: what wrong rows make of them is
/// never read by right ones.
public final class Replay {

    private Replay() {}

    /// The first token to process again for a sequence of this length: at the end of a block of 128 tokens
    /// and with windows of 8 or more `length - layers * (slidingWindow - 1)`; at least 0.
    public static long start(ModelConfig config, long length) {
        long start = length;
        for (int l = 0; l < config.layers(); l++) {
            long needed = LayerState.oldestWindowRow(config, length);
            int ratio = config.compressRatios()[l];
            if (ratio > 0) {
                needed = Math.min(needed, CompressorState.oldestRow(ratio, length));
            }
            start = Math.min(start, needed - l * (config.slidingWindow() - 1L));
        }
        return Math.max(0, start);
    }

    /// @param start where to begin; right if it is not behind [#start]
    static SequenceState of(Model model, List<EntryBlock> blocks, long length, long start) {
        int needed = Math.toIntExact(Math.ceilDiv(length, EntryBlock.TOKENS));
        if (blocks.size() < needed) {
            throw new IllegalArgumentException(blocks.size() + " blocks do not cover " + length + " tokens");
        }
        var state = model.newSequence();
        blocks.subList(0, needed).forEach(block -> block.appendTo(state));
        for (var layer : state.layers()) {
            layer.truncate(length);
            layer.clear(model.config(), start);
        }
        state.replay(start, length);
        return state;
    }
}
