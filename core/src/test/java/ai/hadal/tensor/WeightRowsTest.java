package ai.hadal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.hadal.checkpoint.SafetensorsFile;
import ai.hadal.testing.Goldens;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Stored weights decoded element by element.
class WeightRowsTest {

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q2_K", "Q4_K", "Q6_K", "IQ2_XXS", "MXFP4"})
    void blocksDecodeExactly(Format format) {
        try (SafetensorsFile file = SafetensorsFile.open(Goldens.resource("formats/gguf-blocks.safetensors"))) {
            Tensor blocks = file.tensor(format + "/blocks");
            float[] expected = Goldens.floats(file.tensor(format + "/values").data());
            int n = (int) blocks.shape()[0];
            int cols = n / 2 * format.blockElements();
            Weight weight = new Weight("blocks", format, 2, cols, format.bytes(cols), blocks.data(), null);
            float[] actual = new float[2 * cols];
            WeightRows.decode(weight, 0, 0, cols, actual, 0);
            // The second row in two parts: a block may be decoded alone.
            int block = format.blockElements();
            WeightRows.decode(weight, 1, block, cols - block, actual, cols + block);
            WeightRows.decode(weight, 1, 0, block, actual, cols);
            for (int i = 0; i < actual.length; i++) {
                // The sign of a zero is free: the vectors have one zero for MXFP4, the format two.
                actual[i] += 0f;
                expected[i] += 0f;
            }
            assertThat(actual).containsExactly(expected);
        }
    }

    @Test
    void fp8TilesWithPartialEdges() {
        try (SafetensorsFile units = SafetensorsFile.open(Goldens.resource("units/units.safetensors"))) {
            MemorySegment codes = units.tensor("weight_fp8/codes").data();
            MemorySegment scale = units.tensor("weight_fp8/scale").data();
            Weight weight = new Weight("w", Format.F8_E4M3, 160, 200, 200, codes, scale);
            assertDecodes(
                    weight, Goldens.floats(units.tensor("weight_fp8/dequant").data()));
        }
    }

    @Test
    void fp4WithAScalePerRowAndGroup() {
        try (SafetensorsFile units = SafetensorsFile.open(Goldens.resource("units/units.safetensors"))) {
            MemorySegment codes = units.tensor("weight_fp4/packed").data();
            MemorySegment scale = units.tensor("weight_fp4/scale").data();
            Weight weight = new Weight("w", Format.F4_E2M1, 48, 128, 64, codes, scale);
            assertDecodes(
                    weight, Goldens.floats(units.tensor("weight_fp4/dequant").data()));
        }
    }

    private static void assertDecodes(Weight weight, float[] expected) {
        float[] actual = new float[expected.length];
        int cut = weight.cols() / 4 * 2;
        for (int row = 0; row < weight.rows(); row++) {
            WeightRows.decode(weight, row, 0, cut, actual, row * weight.cols());
            WeightRows.decode(weight, row, cut, weight.cols() - cut, actual, row * weight.cols() + cut);
        }
        assertThat(actual).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "F8_E4M3", "F4_E2M1", "Q8_0", "MXFP4"})
    void encodedRowsAreNearTheirValues(Format format) {
        int rows = 130;
        int cols = 160;
        Random random = new Random(3);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * (1 << (i / cols % 5));
        }
        Arrays.fill(values, 0, 64, 0f);
        try (Arena arena = Arena.ofConfined()) {
            Weight weight = WeightEncoder.encode("w", format, values, rows, cols, arena);
            float[] decoded = new float[cols];
            for (int row = 0; row < rows; row++) {
                WeightRows.decode(weight, row, 0, cols, decoded, 0);
                for (int c = 0; c < cols; c++) {
                    float value = values[row * cols + c];
                    assertThat((double) Math.abs(decoded[c] - value))
                            .as("%s row %d col %d", format, row, c)
                            .isLessThanOrEqualTo(bound(format, value, groupMax(values, cols, row, c, format)));
                }
            }
            assertThat(WeightCheck.problem(weight)).isEmpty();
        }
    }

    /// The largest magnitude that decided the element's scale.
    private static float groupMax(float[] values, int cols, int row, int c, Format format) {
        boolean tiles = format == Format.F8_E4M3;
        int side = tiles ? 128 : 32;
        int rowStart = tiles ? row / side * side : row;
        int rowEnd = tiles ? Math.min(values.length / cols, rowStart + side) : row + 1;
        float max = 0;
        for (int r = rowStart; r < rowEnd; r++) {
            for (int i = c / side * side; i < Math.min(cols, (c / side + 1) * side); i++) {
                max = Math.max(max, Math.abs(values[r * cols + i]));
            }
        }
        return max;
    }

    /// Half a step of the format at a value, its group's largest magnitude given.
    private static double bound(Format format, float value, float max) {
        return switch (format) {
            case F32 -> 0;
            case F16 -> Math.max(Math.abs(value) * 0x1p-11, 0x1p-25);
            case BF16 -> Math.abs(value) * 0x1p-8;
            // A subnormal step is at most max/448*2 * 2^-9.
            case F8_E4M3 -> Math.max(Math.abs(value) * 0x1p-4, max / 448 * 0x1p-9);
            // Half a step is a quarter of the scale up to 2, and the scale at most max/6*2.
            case F4_E2M1, MXFP4 -> Math.max(Math.abs(value) / 4, max / 12);
            // Rounded to F16, the scale is off by 2^-11 at most; 127 steps of it are max/2048.
            case Q8_0 -> max / 127 * 0.5 + max * 0x1p-10;
            default -> throw new IllegalArgumentException(format.name());
        };
    }

    @Test
    void rowsOfAColumnSliceAreAStrideApart() {
        try (Arena arena = Arena.ofConfined()) {
            float[] wide = {1, 2, 3, 4, 5, 6, 7, 8};
            Weight all = WeightEncoder.encode("wide", Format.F32, wide, 2, 4, arena);
            Weight slice = new Weight("right", Format.F32, 2, 2, 16, all.data().asSlice(8), null);
            float[] out = new float[2];
            WeightRows.decode(slice, 1, 0, 2, out, 0);
            assertThat(out).containsExactly(7f, 8f);
        }
    }

    @Test
    void rangesOutsideTheWeightAreRefused() {
        try (Arena arena = Arena.ofConfined()) {
            Weight weight = WeightEncoder.encode("w", Format.Q8_0, new float[128], 2, 64, arena);
            float[] out = new float[64];
            assertThatIllegalArgumentException().isThrownBy(() -> WeightRows.decode(weight, 0, 16, 32, out, 0));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> WeightRows.decode(weight, 2, 0, 32, out, 0));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> WeightRows.decode(weight, 0, 32, 64, out, 0));
        }
    }

    @Test
    void nanScalesAreFound() {
        try (Arena arena = Arena.ofConfined()) {
            Weight fp4 = WeightEncoder.encode("w", Format.F4_E2M1, new float[256], 4, 64, arena);
            assertThat(WeightCheck.bytesToScan(fp4)).isEqualTo(8);
            fp4.scale().set(ValueLayout.JAVA_BYTE, 5, (byte) 255);
            assertThat(WeightCheck.problem(fp4))
                    .hasValueSatisfying(p -> assertThat(p).contains("NaN", "index 5"));

            Weight mxfp4 = WeightEncoder.encode("w", Format.MXFP4, new float[256], 4, 64, arena);
            mxfp4.data().set(ValueLayout.JAVA_BYTE, 3 * 34 + 17, (byte) 255);
            assertThat(WeightCheck.problem(mxfp4))
                    .hasValueSatisfying(p -> assertThat(p).contains("row 3, block 1"));
            assertThat(WeightCheck.bytesToScan(WeightEncoder.encode("w", Format.F32, new float[4], 2, 2, arena)))
                    .isZero();
        }
    }
}
