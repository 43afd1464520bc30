package ai.hadal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int8Test {

    /// A code is an integer within ±127 whose value is at most half a step away.
    @ParameterizedTest
    @ValueSource(floats = {1e-30f, 1e-6f, 1f, 3.7f, 1e30f})
    void codesAreNearest(float size) {
        var random = new Random(1);
        float[] x = new float[96];
        for (int i = 0; i < x.length; i++) {
            x[i] = size * (float) random.nextGaussian();
        }
        float[] codes = new float[96];
        float[] scales = new float[3];
        assertThat(Int8.bytes(96)).isEqualTo(4L * (codes.length + scales.length));
        Int8.encode(x, 0, 96, codes, 0, scales, 0);
        for (int i = 0; i < 96; i++) {
            float scale = scales[i / 32];
            assertThat(codes[i]).isEqualTo((float) Math.rint(codes[i])).isBetween(-127f, 127f);
            assertThat(Math.abs((double) codes[i] * scale - x[i])).isLessThanOrEqualTo(0.50001 * scale);
        }
    }

    /// 127 / amax is 1 here, so ties show.
    @Test
    void tiesGoToEven() {
        float[] x = new float[32];
        System.arraycopy(new float[] {127f, 0.5f, 1.5f, -0.5f, -2.5f, 126.5f}, 0, x, 0, 6);
        float[] codes = new float[32];
        float[] scales = new float[1];
        Int8.encode(x, 0, 32, codes, 0, scales, 0);
        assertThat(scales[0]).isEqualTo(1f);
        assertThat(codes).startsWith(127f, 0f, 2f, 0f, -2f, 126f);
    }

    @Test
    void tinyGroupsAreZeroAndBrokenOnesNaN() {
        float[] x = new float[96];
        x[3] = 1e-37f;
        x[40] = Float.NaN;
        x[70] = Float.NEGATIVE_INFINITY;
        x[71] = 5f;
        float[] codes = new float[96];
        float[] scales = new float[3];
        Int8.encode(x, 0, 96, codes, 0, scales, 0);
        assertThat(codes).containsOnly(0f);
        assertThat(scales).containsExactly(0f, Float.NaN, Float.NaN);
    }
}
