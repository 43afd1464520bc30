package ai.hadal.backend;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.IntFunction;

/// What the contract suite needs around a backend.
final class BackendUnderTest {

    private BackendUnderTest() {}

    static Activations rows(Backend backend, float[] values, int cols) {
        var a = backend.activations(cols).resize(values.length / cols);
        for (int r = 0; r < a.rows(); r++) {
            a.write(r, values, r * cols);
        }
        return a;
    }

    static float[] values(Activations a) {
        float[] values = new float[a.rows() * a.cols()];
        for (int r = 0; r < a.rows(); r++) {
            a.read(r, values, r * a.cols());
        }
        return values;
    }

    static Weight f32(float[] values, int cols) {
        var data = Arena.ofAuto().allocate(4L * values.length, 64);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
        return new Weight("test", Format.F32, values.length / cols, cols, 4L * cols, data, null);
    }

    static MemorySegment bytes(byte[] values) {
        var data = Arena.ofAuto().allocate(values.length, 64);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_BYTE, 0, values.length);
        return data;
    }

    static float[] gaussian(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// Random codes for block formats without an encoder: any bytes are valid but for the scales, which are kept
    /// finite.
    static Weight weight(Format format, int rows, int cols, Random random) {
        if (format != Format.Q4_K && format != Format.Q6_K && format != Format.Q2_K && format != Format.IQ2_XXS) {
            return WeightEncoder.encode("w", format, gaussian(random, rows * cols), rows, cols, Arena.ofAuto());
        }
        byte[] bytes = new byte[(int) (rows * format.bytes(cols))];
        random.nextBytes(bytes);
        return blocks(format, rows, cols, bytes, i -> Float.floatToFloat16((float) random.nextGaussian() * 0.01f));
    }

    /// Blocks of 256 elements of these bytes, but for the F16 scales.
    ///
    /// @param half the bits of scale i
    static Weight blocks(Format format, int rows, int cols, byte[] bytes, IntFunction<Short> half) {
        var data = bytes(bytes);
        int size = format.blockBytes();
        int[] halves = switch (format) {
            case Q4_K -> new int[] {0, 2};
            case Q6_K -> new int[] {208};
            case Q2_K -> new int[] {80, 82};
            default -> new int[] {0};
        };
        int i = 0;
        for (long block = 0; block < bytes.length; block += size) {
            for (int at : halves) {
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, block + at, half.apply(i++));
            }
        }
        return new Weight("w", format, rows, cols, format.bytes(cols), data, null);
    }
}
