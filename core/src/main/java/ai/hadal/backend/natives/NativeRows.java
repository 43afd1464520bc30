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

/// Products of E4M3, BF16 and F32 rows with one float vector that fetch rows ahead, which Java can't say:
/// `src/main/c/float.c`.
public final class NativeRows {

    /// Side of the tiles that share a scale.
    private static final int TILE = 128;

    private static final @Nullable NativeRows KERNELS = open(NativeLibrary.instance());

    /// BF16 and F32 elements that a row must be a multiple of.
    private static final int LINE = 32;

    private final MethodHandle e4m3;
    private final MethodHandle bf16;
    private final MethodHandle f32;

    private NativeRows(MethodHandle e4m3, MethodHandle bf16, MethodHandle f32) {
        this.e4m3 = e4m3;
        this.bf16 = bf16;
        this.f32 = f32;
    }

    /// The kernels, or null where the machine lacks library or instruction.
    public static @Nullable NativeRows instance() {
        return KERNELS;
    }

    private static @Nullable NativeRows open(@Nullable NativeLibrary library) {
        if (library == null || !library.says("hadal_float_serves")) {
            return null;
        }
        // Critical, so that the vectors may lie in the Java heap.
        var heap = Linker.Option.critical(true);
        var tiled = FunctionDescriptor.ofVoid(
                ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        var plain = FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
        return new NativeRows(
                library.function("hadal_e4m3_rows", tiled, heap),
                library.function("hadal_bf16_rows", plain, heap),
                library.function("hadal_f32_rows", plain, heap));
    }

    /// Whether a weight can be multiplied here: E4M3 in whole tiles, BF16 or F32 in whole lines, outside of the Java
    /// heap.
    public boolean serves(Weight w) {
        return switch (w.format()) {
            case F8_E4M3 ->
                w.cols() % TILE == 0
                        && w.data().isNative()
                        && w.scale() != null
                        && w.scale().isNative();
            case BF16, F32 -> w.cols() % LINE == 0 && w.data().isNative();
            default -> false;
        };
    }

    /// `y[yo + row] = row . x[xo ..]` for the rows `first .. end-1`.
    ///
    /// @throws IndexOutOfBoundsException for rows that the weight does not have, or arrays that are too short
    public void product(Weight w, int first, int end, float[] x, int xo, float[] y, int yo) {
        Objects.checkFromToIndex(first, end, w.rows());
        Objects.checkFromIndexSize(xo, w.cols(), x.length);
        Objects.checkFromIndexSize(yo + first, end - first, y.length);
        Objects.checkFromIndexSize(
                (w.rows() - 1) * w.rowStride(),
                w.format().bytes(w.cols()),
                w.data().byteSize());
        var input = MemorySegment.ofArray(x).asSlice(4L * xo);
        var output = MemorySegment.ofArray(y).asSlice(4L * (yo + first));
        long from = first;
        long to = end;
        long cols = w.cols();
        try {
            if (w.format() == Format.BF16) {
                bf16.invokeExact(w.data(), w.rowStride(), from, to, cols, input, output);
                return;
            }
            if (w.format() == Format.F32) {
                f32.invokeExact(w.data(), w.rowStride(), from, to, cols, input, output);
                return;
            }
            var scale = Objects.requireNonNull(w.scale());
            Objects.checkFromIndexSize(0, Math.ceilDiv(w.rows(), TILE) * (cols / TILE), scale.byteSize());
            e4m3.invokeExact(w.data(), w.rowStride(), scale, from, to, cols, input, output);
        } catch (IndexOutOfBoundsException e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException("the native product failed", t);
        }
    }
}
