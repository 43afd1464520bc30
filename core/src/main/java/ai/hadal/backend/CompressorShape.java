package ai.hadal.backend;

/// What a compressor does to a block of tokens.
///
/// @param ratio 4 (overlapping: an entry pools 8 rows) or 128
/// @param width w of an entry; value and gate rows are `2w` wide for ratio 4, else `w`
/// @param ape positional gate table, `[ratio, row width]` row major
/// @param norm weight of the entry's norm, `[w]`
/// @param eps of that norm
/// @param ropeDim components that carry rope, at the end of the entry
/// @param rope angles by position of the block's first token
/// @param finish what is done to the finished entry
public record CompressorShape(
        int ratio, int width, float[] ape, float[] norm, float eps, int ropeDim, RopeTable rope, Finish finish) {

    /// The last step of an entry.
    public enum Finish {
        /// Kept as it is.
        NONE,
        /// FP8 rounding in groups of 64 of all but the rope part.
        FP8,
        /// Hadamard rotation.
        HADAMARD,
        /// Hadamard rotation, then FP4 rounding in groups of 32.
        HADAMARD_FP4
    }

    /// How its entries are kept.
    public EntryLayout layout() {
        return switch (finish) {
            case NONE, HADAMARD -> EntryLayout.f32(width);
            case FP8 -> EntryLayout.fp8(width, ropeDim);
            case HADAMARD_FP4 -> EntryLayout.fp4(width);
        };
    }

    /// Whether entries overlap: the first half of a row's channels belongs to the next entry.
    public boolean overlapping() {
        return ratio == 4;
    }

    /// Channels of a value or gate row.
    public int rowWidth() {
        return overlapping() ? 2 * width : width;
    }
}
