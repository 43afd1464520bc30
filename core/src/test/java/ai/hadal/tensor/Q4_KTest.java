package ai.hadal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Floats to `Q4_K` and back.
class Q4_KTest {

    private static float[] encodeAndDecode(float[] values) {
        try (var arena = Arena.ofConfined()) {
            var weight = WeightEncoder.encode("w", Format.Q4_K, values, 1, values.length, arena);
            float[] decoded = new float[values.length];
            WeightRows.decode(weight, 0, 0, values.length, decoded, 0);
            return decoded;
        }
    }

    private static float[] normal(int n, float size) {
        var random = new Random(7);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian() * size;
        }
        return values;
    }

    /// Root of the squared differences over that of the squares.
    private static double distance(float[] a, float[] b) {
        double difference = 0;
        double square = 0;
        for (int i = 0; i < a.length; i++) {
            difference += Math.pow((double) a[i] - b[i], 2);
            square += Math.pow(a[i], 2);
        }
        return Math.sqrt(difference / square);
    }

    @ParameterizedTest
    @ValueSource(floats = {0.02f, 1f, 30f})
    void normalWeightsLoseSevenPercent(float size) {
        float[] values = normal(64 * 256, size);
        // 16 even levels from the smallest to the largest value would lose 7.8 %, were their scales exact.
        assertThat(distance(values, encodeAndDecode(values))).isBetween(0.07, 0.0745);
    }

    @Test
    void whatWasDecodedIsHardlyMovedByEncodingItAgain() {
        float[] once = encodeAndDecode(normal(64 * 256, 1f));
        assertThat(distance(once, encodeAndDecode(once))).isLessThan(0.01);
    }

    @Test
    void valuesOnAGridOfSixteenLevelsStay() {
        float[] values = new float[256];
        for (int i = 0; i < 256; i++) {
            // Sub-block s has the scale 63 / 64, 62 / 64, ... and the minimum 7 times that.
            values[i] = (63 - i / 32) / 64f * (i * 7 % 16 - 7);
        }
        assertThat(distance(values, encodeAndDecode(values))).isLessThan(0.002);
    }

    @Test
    void allAlike() {
        assertThat(encodeAndDecode(new float[256])).containsOnly(0f);
        float[] negative = new float[256];
        Arrays.fill(negative, -0.25f);
        assertThat(distance(negative, encodeAndDecode(negative))).isLessThan(1e-3);
        float[] positive = new float[256];
        Arrays.fill(positive, 3f);
        assertThat(distance(positive, encodeAndDecode(positive))).isLessThan(1e-3);
    }

    @Test
    void allPositiveAndAllNegative() {
        float[] values = normal(256, 0.1f);
        for (int i = 0; i < 256; i++) {
            values[i] = i < 128 ? 1 + values[i] : -1 - values[i];
        }
        assertThat(distance(values, encodeAndDecode(values))).isLessThan(0.05);
    }

    @Test
    void aLoudSubBlockLeavesTheOthersTheirScales() {
        float[] values = normal(256, 0.1f);
        for (int i = 96; i < 128; i++) {
            values[i] *= 4;
        }
        float[] decoded = encodeAndDecode(values);
        assertThat(distance(Arrays.copyOf(values, 96), Arrays.copyOf(decoded, 96)))
                .isLessThan(0.085);
    }
}
