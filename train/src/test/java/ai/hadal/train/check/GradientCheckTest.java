package ai.hadal.train.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// The check accepts a right gradient and rejects wrong ones.
class GradientCheckTest {

    private static final int OUT = 5;
    private static final int ROWS = 3;

    private final OpCase linear = OpCases.of("linear");

    private float[] byX() {
        float[] w = linear.input("w");
        float[] dy = linear.outputGradient(0, ROWS * OUT);
        float[] dx = new float[ROWS * OpCases.WIDTH];
        for (int r = 0; r < ROWS; r++) {
            for (int o = 0; o < OUT; o++) {
                for (int i = 0; i < OpCases.WIDTH; i++) {
                    dx[r * OpCases.WIDTH + i] += dy[r * OUT + o] * w[o * OpCases.WIDTH + i];
                }
            }
        }
        return dx;
    }

    private float[] byW() {
        float[] x = linear.input("x");
        float[] dy = linear.outputGradient(0, ROWS * OUT);
        float[] dw = new float[OUT * OpCases.WIDTH];
        for (int r = 0; r < ROWS; r++) {
            for (int o = 0; o < OUT; o++) {
                for (int i = 0; i < OpCases.WIDTH; i++) {
                    dw[o * OpCases.WIDTH + i] += dy[r * OUT + o] * x[r * OpCases.WIDTH + i];
                }
            }
        }
        return dw;
    }

    @Test
    void aRightGradientPasses() {
        assertThat(GradientCheck.check(linear, byX(), byW())).isLessThan(1e-6);
        assertThat(GradientCheck.check(linear, null, byW())).isLessThan(1e-6);
    }

    @Test
    void oneWrongElementIsFoundAndNamed() {
        float[] dx = byX();
        dx[7] += 0.01f;
        assertThatThrownBy(() -> GradientCheck.check(linear, dx, byW()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("linear")
                .hasMessageContaining("element 7");
    }

    @Test
    void anElementBetweenTheTriedOnesIsFoundByTheDirection() {
        double[] x = new Numbers(1).doubles(5000, 0, 1);
        float[] gradient = Numbers.narrowed(x);
        GradientCheck.check(
                "half a square", new double[][] {x}, GradientCheckTest::halfSquare, new float[][] {gradient});
        gradient[1234] += 1;
        assertThatThrownBy(() -> GradientCheck.check(
                        "half a square", new double[][] {x}, GradientCheckTest::halfSquare, new float[][] {gradient}))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("direction");
    }

    private static double halfSquare(double[][] x) {
        return DoubleOps.dot(x[0], 0, x[0], 0, x[0].length) / 2;
    }

    @Test
    void notANumberAndAWrongLengthAreRejected() {
        float[] dx = byX();
        dx[0] = Float.NaN;
        assertThatThrownBy(() -> GradientCheck.check(linear, dx, byW())).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> GradientCheck.check(linear, new float[3], byW()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("48 are needed");
    }

    @Test
    void inputsAreRestored() {
        double[][] before = {linear.inputs()[0].clone(), linear.inputs()[1].clone()};
        GradientCheck.check(linear, byX(), byW());
        assertThat(linear.inputs()).isDeepEqualTo(before);
    }
}
