package ai.hadal.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.train.check.Numbers;
import java.util.Arrays;

/// Arrays of a sequence that is not the first of its pack: other rows stand before and after it.
final class Shifted {

    /// The sequence's first row.
    static final int ROW = 3;

    private static final int AFTER = 2;
    private static final float OTHER = 7e9f;

    private Shifted() {}

    /// Rows of `width` among others, which nobody may read.
    static float[] in(double[] rows, int width) {
        float[] all = new float[(ROW + AFTER) * width + rows.length];
        Arrays.fill(all, OTHER);
        System.arraycopy(Numbers.narrowed(rows), 0, all, ROW * width, rows.length);
        return all;
    }

    /// Room for the gradient of rows.
    static float[] gradient(double[] rows, int width) {
        return new float[(ROW + AFTER) * width + rows.length];
    }

    /// The sequence's part of a gradient; the rest must not have been touched.
    static float[] out(float[] gradient, int width) {
        int to = gradient.length - AFTER * width;
        assertThat(Arrays.copyOf(gradient, ROW * width)).containsOnly(0f);
        assertThat(Arrays.copyOfRange(gradient, to, gradient.length)).containsOnly(0f);
        return Arrays.copyOfRange(gradient, ROW * width, to);
    }
}
