package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// The values of a weight's elements, one element at a time: what every faster kernel must agree with.
public final class WeightRows {

    /// Side of the square tiles that share one scale in `F8_E4M3`.
    static final int TILE = 128;

    /// Elements of a row that share one scale in `F4_E2M1`.
    static final int FP4_GROUP = 32;

    private WeightRows() {}

    /// Decodes the elements `from .. from + count - 1` of a row into `out`. Scaled formats multiply the code by its
    /// scale, which is exact.
    ///
    /// @param from for formats with blocks a multiple of [Format#blockElements], as must be `count`
    /// @throws IndexOutOfBoundsException for elements outside the weight
    /// @throws IllegalArgumentException for a range that cuts a block
    public static void decode(Weight weight, int row, int from, int count, float[] out, int outOffset) {
        Objects.checkIndex(row, weight.rows());
        Objects.checkFromIndexSize(from, count, weight.cols());
        Objects.checkFromIndexSize(outOffset, count, out.length);
        Format format = weight.format();
        MemorySegment data = weight.data();
        long at = row * weight.rowStride() + format.bytes(from);
        int blocks = Math.toIntExact(format.bytes(count) / format.blockBytes());
        switch (format) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    out[outOffset + i] = data.get(Little.FLOAT, at + 4L * i);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    out[outOffset + i] = F16.decode(data.get(Little.SHORT, at + 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    out[outOffset + i] = Bf16.decode(data.get(Little.SHORT, at + 2L * i));
                }
            }
            case F8_E4M3 -> {
                MemorySegment scales = scales(weight);
                long scaleRow = (row / TILE) * (long) tiles(weight.cols());
                for (int i = 0; i < count; i++) {
                    byte scale = scales.get(ValueLayout.JAVA_BYTE, scaleRow + (from + i) / TILE);
                    out[outOffset + i] = E4m3.decode(data.get(ValueLayout.JAVA_BYTE, at + i)) * E8m0.decode(scale);
                }
            }
            case F4_E2M1 -> {
                MemorySegment scales = scales(weight);
                long scaleRow = row * (long) (weight.cols() / FP4_GROUP);
                for (int i = 0; i < count; i++) {
                    byte scale = scales.get(ValueLayout.JAVA_BYTE, scaleRow + (from + i) / FP4_GROUP);
                    int pair = data.get(ValueLayout.JAVA_BYTE, at + i / 2);
                    out[outOffset + i] = E2m1.decode(pair >> 4 * (i & 1)) * E8m0.decode(scale);
                }
            }
            case Q8_0 -> {
                for (int b = 0; b < blocks; b++) {
                    Q8_0.decode(data, at + 34L * b, out, outOffset + 32 * b);
                }
            }
            case MXFP4 -> {
                for (int b = 0; b < blocks; b++) {
                    Mxfp4.decode(data, at + 17L * b, out, outOffset + 32 * b);
                }
            }
            case Q4_K -> {
                for (int b = 0; b < blocks; b++) {
                    Q4_K.decode(data, at + 144L * b, out, outOffset + 256 * b);
                }
            }
            case Q6_K -> {
                for (int b = 0; b < blocks; b++) {
                    Q6_K.decode(data, at + 210L * b, out, outOffset + 256 * b);
                }
            }
            case Q2_K -> {
                for (int b = 0; b < blocks; b++) {
                    Q2_K.decode(data, at + 84L * b, out, outOffset + 256 * b);
                }
            }
            case IQ2_XXS -> {
                for (int b = 0; b < blocks; b++) {
                    Iq2Xxs.decode(data, at + 66L * b, out, outOffset + 256 * b);
                }
            }
            case F8_E8M0, I8, U8, I32, I64 ->
                throw new IllegalArgumentException(weight.name() + " is stored as " + format + ", which is no weight");
        }
    }

    /// Tiles of `F8_E4M3` that cover a dimension, the last one perhaps partial.
    static int tiles(int dimension) {
        return Math.ceilDiv(dimension, TILE);
    }

    private static MemorySegment scales(Weight weight) {
        return Objects.requireNonNull(weight.scale(), () -> weight.name() + " has no scales");
    }
}
