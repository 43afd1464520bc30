package ai.hadal.backend.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Int8;
import ai.hadal.tensor.Weight;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Products of integer groups with the processor's 8-bit dot product (AVX-512 VNNI, ARMv8.2), or with AVX2 or NEON:
/// `src/main/c/int8.h`, and `superblocks.h` for formats in blocks of 256 elements.
public final class NativeInt8 {

    /// Elements that a row must be a multiple of.
    private static final int BLOCK = 128;

    /// Bytes of a packed group of sixteen rows, or of a group of eight vectors as few rows take them.
    private static final int PACKED_GROUP = 768;

    /// Elements of the blocks that have kernels of their own.
    private static final int SUPER_BLOCK = 256;

    private static final @Nullable NativeInt8 KERNELS = open(NativeLibrary.instance());

    private final MethodHandle product;
    private final MethodHandle superBlockProduct;

    private NativeInt8(MethodHandle product, MethodHandle superBlockProduct) {
        this.product = product;
        this.superBlockProduct = superBlockProduct;
    }

    /// The kernels, or null where the machine lacks library or instruction.
    public static @Nullable NativeInt8 instance() {
        return KERNELS;
    }

    private static @Nullable NativeInt8 open(@Nullable NativeLibrary library) {
        if (library == null) {
            return null;
        }
        var types = FunctionDescriptor.ofVoid(
                JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS,
                ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        String tier = library.tier().integers;
        return new NativeInt8(
                library.function("hadal_int8_product" + tier, types),
                library.function("hadal_superblock_product" + tier, types));
    }

    /// Whether kernels take sums of the codes of half groups, not of whole ones.
    public static boolean takesHalfSums(Format format) {
        return format.blockElements() == SUPER_BLOCK;
    }

    /// Whether a weight in a format of integers can be multiplied here: whole blocks of 128, outside of the Java heap.
    public boolean serves(Weight w) {
        return w.cols() % BLOCK == 0
                && w.data().isNative()
                && (w.scale() == null || w.scale().isNative());
    }

    /// Bytes that [#product] needs as its room for rows of this length.
    public static long roomBytes(int cols) {
        return (long) cols / Int8.GROUP * PACKED_GROUP;
    }

    /// `y[t * (end - first) + r] = row first + r . vector rows[t]` for the `n` vectors t.
    ///
    /// @param codes a byte for each element of the vectors, row by row
    /// @param scales a float for each group
    /// @param sums the int sum of each group's codes, or if it [#takesHalfSums] two shorts, the sums of its halves
    /// @param rows ints
    /// @param y floats
    /// @param room at least [#roomBytes], aligned to 64 bytes
    /// @throws IndexOutOfBoundsException for rows that the weight does not have
    public void product(
            Weight w,
            int first,
            int end,
            MemorySegment codes,
            MemorySegment scales,
            MemorySegment sums,
            MemorySegment rows,
            int n,
            MemorySegment y,
            MemorySegment room) {
        NativeLibrary.checkRows(w, first, end);
        Objects.checkFromIndexSize(0, 4L * n * (end - first), y.byteSize());
        Objects.checkFromIndexSize(0, roomBytes(w.cols()), room.byteSize());
        var scale = w.scale() == null ? MemorySegment.NULL : w.scale();
        var kernel = takesHalfSums(w.format()) ? superBlockProduct : product;
        try {
            kernel.invokeExact(
                    NativeLibrary.code(w.format()),
                    w.data(),
                    w.rowStride(),
                    scale,
                    (long) w.cols() / Int8.GROUP,
                    (long) first,
                    (long) end,
                    (long) w.cols(),
                    codes,
                    scales,
                    sums,
                    rows,
                    n,
                    y,
                    room);
        } catch (Throwable t) {
            throw new IllegalStateException("the native product failed", t);
        }
    }
}
