package ai.hadal.backend;

import org.jspecify.annotations.Nullable;

/// The rows of one sequence inside a step, as attention sees them.
///
/// @param row first row of the step's activations
/// @param rows how many
/// @param position absolute position of the first row
/// @param window key-value rows before `position`; the step's own rows are in the activations
/// @param compressed compressed entries, those completed by this step included; null in SWA blocks
public record AttentionSpan(
        int row,
        int rows,
        long position,
        Ring window,
        @Nullable Entries compressed) {}
