package ai.hadal.model;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.CompressorSpan;
import ai.hadal.backend.RopeAngles;
import ai.hadal.model.LayerState.CompressorState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The ragged batch of a step: the tokens of its parts one after another, one row each.
///
/// @param parts whose tokens they are
/// @param ids token of each row
/// @param positions absolute position of each row
/// @param plainRope angles of blocks with ratio 0
/// @param compressRope angles of blocks with ratio 4 or 128
record Batch(List<Part> parts, int[] ids, long[] positions, RopeAngles plainRope, RopeAngles compressRope) {

    /// The next rows of one text.
    ///
    /// @param rows how many
    /// @param layers what a block, by its number, remembers of the text
    record Part(int rows, IntFunction<LayerState> layers) {}

    List<AttentionSpan> attentionSpans(int layer, Function<LayerState, @Nullable CompressorState> compressed) {
        var spans = new ArrayList<AttentionSpan>(parts.size());
        int row = 0;
        for (var part : parts) {
            var state = part.layers.apply(layer);
            var c = compressed.apply(state);
            spans.add(
                    new AttentionSpan(row, part.rows, positions[row], state.window(), c == null ? null : c.entries()));
            row += part.rows;
        }
        return spans;
    }

    List<CompressorSpan> compressorSpans(int layer, Function<LayerState, @Nullable CompressorState> compressed) {
        var spans = new ArrayList<CompressorSpan>(parts.size());
        int row = 0;
        for (var part : parts) {
            var c = Objects.requireNonNull(compressed.apply(part.layers.apply(layer)));
            spans.add(new CompressorSpan(row, part.rows, positions[row], c.values(), c.gates(), c.entries()));
            row += part.rows;
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
