package ai.hadal.bench;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/// Weights of ordinary magnitude in every format: no NaN, no infinity, no subnormal numbers to slow a kernel down.
final class RandomWeights {

    private static final ValueLayout.OfShort F16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final float SCALE = 1f / 128;

    private RandomWeights() {}

    static Weight of(Format format, int rows, int cols, SplittableRandom random, Arena arena) {
        return switch (format) {
            case Q2_K -> blocks(format, rows, cols, random, arena, 80, 82);
            case Q4_K -> blocks(format, rows, cols, random, arena, 0, 2);
            case Q6_K -> blocks(format, rows, cols, random, arena, 208);
            case IQ2_XXS -> blocks(format, rows, cols, random, arena, 0);
            default -> WeightEncoder.encode("random", format, values(rows, cols, random), rows, cols, arena);
        };
    }

    private static float[] values(int rows, int cols, SplittableRandom random) {
        float[] values = new float[Math.multiplyExact(rows, cols)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    /// Any bits are a code in these formats, but for the F16 scales at the given offsets of each block.
    private static Weight blocks(
            Format format, int rows, int cols, SplittableRandom random, Arena arena, int... scaleOffsets) {
        long stride = format.bytes(cols);
        byte[] bytes = new byte[Math.toIntExact(rows * stride)];
        random.nextBytes(bytes);
        MemorySegment data = arena.allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
        for (long block = 0; block < bytes.length; block += format.blockBytes()) {
            for (int offset : scaleOffsets) {
                data.set(F16, block + offset, Float.floatToFloat16(SCALE));
            }
        }
        return new Weight("random", format, rows, cols, stride, data, null);
    }
}
