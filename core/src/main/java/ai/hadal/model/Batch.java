package ai.hadal.model;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.CompressorSpan;
import ai.hadal.backend.RopeAngles;
import ai.hadal.model.LayerState.CompressorState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The ragged batch of a step: the chunks' tokens one after another, one row each.
///
/// @param chunks the sequences and their next tokens
/// @param ids token of each row
/// @param positions absolute position of each row
/// @param plainRope angles of blocks with ratio 0
/// @param compressRope angles of blocks with ratio 4 or 128
/// @param mtp whether blocks use the sequences' MTP state
/// @param firstLayer index of the first block that the state lists hold
record Batch(
        List<Chunk> chunks,
        int[] ids,
        long[] positions,
        RopeAngles plainRope,
        RopeAngles compressRope,
        boolean mtp,
        int firstLayer) {

    private LayerState state(Chunk chunk, int layer) {
        return mtp ? chunk.sequence().mtp(layer - firstLayer) : chunk.sequence().layer(layer - firstLayer);
    }

    List<AttentionSpan> attentionSpans(int layer, Function<LayerState, @Nullable CompressorState> compressed) {
        var spans = new ArrayList<AttentionSpan>(chunks.size());
        int row = 0;
        for (var chunk : chunks) {
            var state = state(chunk, layer);
            var c = compressed.apply(state);
            spans.add(new AttentionSpan(
                    row, chunk.ids().length, positions[row], state.window(), c == null ? null : c.entries()));
            row += chunk.ids().length;
        }
        return spans;
    }

    List<CompressorSpan> compressorSpans(int layer, Function<LayerState, @Nullable CompressorState> compressed) {
        var spans = new ArrayList<CompressorSpan>(chunks.size());
        int row = 0;
        for (var chunk : chunks) {
            var c = Objects.requireNonNull(compressed.apply(state(chunk, layer)));
            spans.add(new CompressorSpan(row, chunk.ids().length, positions[row], c.values(), c.gates(), c.entries()));
            row += chunk.ids().length;
        }
        return spans;
    }

    /// Tokens of the longest sequence after the step.
    long longest() {
        long longest = 0;
        for (long position : positions) {
            longest = Math.max(longest, position + 1);
        }
        return longest;
    }

    /// The experts that a hash block gives each row's token, `[rows, k]`.
    int[] hashExperts(ModelWeights.Moe moe, int k) {
        var table = Objects.requireNonNull(moe.hash());
        int[] experts = new int[ids.length * k];
        for (int r = 0; r < ids.length; r++) {
            for (int slot = 0; slot < k; slot++) {
                experts[r * k + slot] = table.expert(ids[r], slot);
            }
        }
        return experts;
    }
}
