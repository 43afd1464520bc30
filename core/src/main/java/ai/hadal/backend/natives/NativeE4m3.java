package ai.hadal.backend.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Products of E4M3 rows with one float vector that fetch rows ahead, which Java can't say: `src/main/c/float.c`.
public final class NativeE4m3 {

    /// Side of the tiles that share a scale.
    private static final int TILE = 128;

    private static final @Nullable NativeE4m3 KERNELS = open(NativeLibrary.instance());

    private final MethodHandle rows;

    private NativeE4m3(MethodHandle rows) {
        this.rows = rows;
    }

    /// The kernels, or null where the machine lacks library or instruction.
    public static @Nullable NativeE4m3 instance() {
        return KERNELS;
    }

    private static @Nullable NativeE4m3 open(@Nullable NativeLibrary library) {
        if (library == null || !library.says("hadal_float_serves")) {
            return null;
        }
        // Critical, so that the vectors may lie in the Java heap.
        return new NativeE4m3(library.function(
                "hadal_e4m3_rows",
                FunctionDescriptor.ofVoid(
                        ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS),
                Linker.Option.critical(true)));
    }

    /// Whether a weight can be multiplied here: E4M3 in whole tiles, outside of the Java heap.
    public boolean serves(Weight w) {
        return w.format() == Format.F8_E4M3
                && w.cols() % TILE == 0
                && w.data().isNative()
                && w.scale() != null
                && w.scale().isNative();
    }

    /// `y[yo + row] = row . x[xo ..]` for the rows `first .. end-1`.
    ///
    /// @throws IndexOutOfBoundsException for rows that the weight does not have, or arrays that are too short
    public void product(Weight w, int first, int end, float[] x, int xo, float[] y, int yo) {
        Objects.checkFromToIndex(first, end, w.rows());
        Objects.checkFromIndexSize(xo, w.cols(), x.length);
        Objects.checkFromIndexSize(yo + first, end - first, y.length);
        Objects.checkFromIndexSize(
                (w.rows() - 1) * w.rowStride(), w.cols(), w.data().byteSize());
        var scale = Objects.requireNonNull(w.scale());
        Objects.checkFromIndexSize(0, (long) Math.ceilDiv(w.rows(), TILE) * (w.cols() / TILE), scale.byteSize());
        try {
            rows.invokeExact(
                    w.data(),
                    w.rowStride(),
                    scale,
                    (long) first,
                    (long) end,
                    (long) w.cols(),
                    MemorySegment.ofArray(x).asSlice(4L * xo),
                    MemorySegment.ofArray(y).asSlice(4L * (yo + first)));
        } catch (Throwable t) {
            throw new IllegalStateException("the native product failed", t);
        }
    }
}
