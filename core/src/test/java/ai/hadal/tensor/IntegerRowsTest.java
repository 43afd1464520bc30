package ai.hadal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntegerRowsTest {

    /// Integer times scale is the value of the element, for every code and scale.
    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"Q8_0", "MXFP4", "F4_E2M1"})
    void integersTimesScalesAreTheValues(Format format) {
        int rows = 200;
        int cols = 96;
        var random = new Random(3);
        byte[] data = new byte[(int) format.bytes(rows * cols)];
        byte[] scales = new byte[rows * cols / 32];
        random.nextBytes(data);
        random.nextBytes(scales);
        var w = new Weight(
                "w",
                format,
                rows,
                cols,
                format.bytes(cols),
                MemorySegment.ofArray(data),
                format == Format.F4_E2M1 ? MemorySegment.ofArray(scales) : null);
        float[] values = new float[cols];
        float[] integers = new float[cols];
        float[] groupScales = new float[cols / 32];
        for (int row = 0; row < rows; row++) {
            WeightRows.decode(w, row, 0, cols, values, 0);
            IntegerRows.decode(w, row, integers, 0, groupScales, 0);
            for (int k = 0; k < cols; k++) {
                assertThat(integers[k])
                        .isEqualTo((float) Math.rint(integers[k]))
                        .isBetween(-128f, 127f);
                assertThat(integers[k] * groupScales[k / 32]).isEqualTo((Float) values[k]);
            }
        }
    }

    /// The same for formats in blocks of 256, less minimum times its scale; a zero may have another sign.
    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"Q4_K", "Q6_K", "Q2_K", "IQ2_XXS"})
    void integersAndMinimaAreTheValues(Format format) {
        int rows = 100;
        int cols = 512;
        byte[] data = new byte[(int) format.bytes(rows * cols)];
        new Random(4).nextBytes(data);
        var w = new Weight("w", format, rows, cols, format.bytes(cols), MemorySegment.ofArray(data), null);
        float[] values = new float[cols];
        float[] integers = new float[cols];
        float[] scales = new float[cols / 32];
        for (int row = 0; row < rows; row++) {
            WeightRows.decode(w, row, 0, cols, values, 0);
            IntegerRows.decode(w, row, integers, 0, scales, 0);
            for (int k = 0; k < cols; k++) {
                float value = integers[k] * scales[k / 32];
                if (IntegerRows.hasMinima(format)) {
                    value -= IntegerRows.minimum(w, row, k / 16) * IntegerRows.minimumScale(w, row, k / 32);
                }
                assertThat(integers[k])
                        .isEqualTo((float) Math.rint(integers[k]))
                        .isBetween(-4096f, 4096f);
                assertThat(value + 0f).isEqualTo((Float) (values[k] + 0f));
            }
        }
    }
}
