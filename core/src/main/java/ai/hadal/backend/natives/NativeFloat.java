package ai.hadal.backend.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Products of stored rows with float vectors that fetch rows ahead, which Java can't say: `src/main/c/float.h`.
public final class NativeFloat {

    /// Side of the tiles of E4M3 that share a scale.
    private static final int TILE = 128;

    /// Elements that a row of any other format must be a multiple of.
    private static final int LINE = 32;

    /// Vectors from which on rows are decoded into a panel.
    public static final int MANY = 13;

    private static final long PANEL_BYTES = 512 * 1024;

    private static final @Nullable NativeFloat KERNELS = open(NativeLibrary.instance());

    private final MethodHandle product;

    private NativeFloat(MethodHandle product) {
        this.product = product;
    }

    /// The kernels, or null where the machine lacks library or instruction.
    public static @Nullable NativeFloat instance() {
        return KERNELS;
    }

    private static @Nullable NativeFloat open(@Nullable NativeLibrary library) {
        if (library == null) {
            return null;
        }
        // Critical, so that the vectors may lie in the Java heap.
        return new NativeFloat(library.function(
                "hadal_float_product" + library.tier().floats,
                FunctionDescriptor.ofVoid(
                        JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS,
                        JAVA_INT, ADDRESS, ADDRESS, ADDRESS),
                Linker.Option.critical(true)));
    }

    /// Whether a weight can be multiplied here: a format that the kernels know, in whole tiles or lines, outside of the
    /// Java heap.
    public boolean serves(Weight w) {
        int unit = w.format() == Format.F8_E4M3 ? TILE : LINE;
        return NativeLibrary.knows(w.format())
                && w.cols() % unit == 0
                && w.data().isNative()
                && (w.scale() == null || w.scale().isNative());
    }

    /// Bytes that [#product] needs as its room for rows of this length.
    public static long roomBytes(int cols) {
        return Math.max(PANEL_BYTES, 4L * 4 * (cols + 16));
    }

    /// `y[yo[t] + row] = row . x[xo[t] ..]` for the rows `first .. end-1` and the `n` vectors t.
    ///
    /// @param room at least [#roomBytes], aligned to 64 bytes
    /// @throws IndexOutOfBoundsException for rows that the weight does not have, or arrays that are too short
    public void product(
            Weight w, int first, int end, float[] x, int[] xo, float[] y, int[] yo, int n, MemorySegment room) {
        NativeLibrary.checkRows(w, first, end);
        for (int t = 0; t < n; t++) {
            Objects.checkFromIndexSize(xo[t], w.cols(), x.length);
            Objects.checkFromIndexSize(yo[t] + first, end - first, y.length);
        }
        Objects.checkFromIndexSize(0, roomBytes(w.cols()), room.byteSize());
        var scale = w.scale() == null ? MemorySegment.NULL : w.scale();
        try {
            product.invokeExact(
                    NativeLibrary.code(w.format()),
                    w.data(),
                    w.rowStride(),
                    scale,
                    (long) first,
                    (long) end,
                    (long) w.cols(),
                    MemorySegment.ofArray(x),
                    MemorySegment.ofArray(xo),
                    n,
                    MemorySegment.ofArray(y),
                    MemorySegment.ofArray(yo),
                    room);
        } catch (Throwable t) {
            throw new IllegalStateException("the native product failed", t);
        }
    }
}
