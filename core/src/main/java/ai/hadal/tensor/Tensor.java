package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;

/// A named, typed tensor over mapped bytes; nothing is copied.
///
/// @param name the tensor's name in its file
/// @param format the stored number format
/// @param shape outermost dimension first (row major), in elements; for `F4_E2M1` the logical width, twice the bytes
/// @param data exactly the tensor's bytes, read-only
public record Tensor(String name, Format format, long[] shape, MemorySegment data) {

    /// The number of elements.
    public long elements() {
        long n = 1;
        for (long s : shape) {
            n = Math.multiplyExact(n, s);
        }
        return n;
    }
}
