package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A weight matrix `[rows, cols]` over mapped bytes: row `r` starts at byte `r * rowStride` of [#data].
///
/// @param name where it came from, for messages
/// @param format a format for which [Format#isWeight] holds
/// @param rows output width
/// @param cols input width (the reduction dimension)
/// @param rowStride bytes from one row to the next; larger than a row's bytes for a column slice of a wider matrix
/// @param data the rows' bytes
/// @param scale UE8M0 bytes for `F8_E4M3` (`[ceil(rows/128), ceil(cols/128)]`, row major) and `F4_E2M1`
///     (`[rows, cols/32]`), else null
public record Weight(
        String name,
        Format format,
        int rows,
        int cols,
        long rowStride,
        MemorySegment data,
        @Nullable MemorySegment scale) {

    /// Bytes read when the whole matrix is multiplied once, scales included.
    public long bytes() {
        long own = rows * format.bytes(cols);
        return scale == null ? own : own + scale.byteSize();
    }
}
