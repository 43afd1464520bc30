package ai.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.RowMath;
import ai.hadal.testing.GoldenTensors;
import ai.hadal.testing.Goldens;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {

    private static final GoldenTensors GOLDEN =
            GoldenTensors.read(Goldens.resource("units").resolve("units.safetensors"));

    @Test
    void expIsWithinTwoUnitsInTheLastPlace() {
        double worst = 0;
        for (float x = -87f; x <= 88f; x += 0.00137f) {
            double exact = StrictMath.exp(x);
            worst = Math.max(worst, Math.abs(Arithmetic.exp(x) - exact) / Math.ulp((float) exact));
        }
        assertThat(worst).isLessThan(2);
    }

    @Test
    void expAtItsEdges() {
        assertThat(Arithmetic.exp(0f)).isEqualTo(1f);
        assertThat(Arithmetic.exp(-87.001f)).isEqualTo(0f);
        assertThat(Arithmetic.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(Arithmetic.exp(Float.POSITIVE_INFINITY)).isEqualTo(Arithmetic.exp(88f));
        assertThat(Arithmetic.exp(Float.NaN)).isNaN();
    }

    @Test
    void softplusKeepsRelativeAccuracyOnBothSides() {
        double worst = 0;
        for (float x = -80f; x <= 80f; x += 0.0113f) {
            double exact = StrictMath.log1p(StrictMath.exp(x));
            worst = Math.max(worst, Math.abs(Arithmetic.softplus(x) - exact) / exact);
        }
        assertThat(worst).isLessThan(5e-7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 31, 32, 33, 100, 512, 4098})
    void dotIsTheExactSumWithinRounding(int n) {
        var random = new Random(n);
        float[] a = BackendUnderTest.gaussian(random, n + 3);
        float[] b = BackendUnderTest.gaussian(random, n + 5);
        double exact = 0;
        double magnitude = 0;
        for (int i = 0; i < n; i++) {
            exact += (double) a[3 + i] * b[5 + i];
            magnitude += Math.abs((double) a[3 + i] * b[5 + i]);
        }
        assertThat((double) Arithmetic.dot(a, 3, b, 5, n))
                .isCloseTo(exact, org.assertj.core.data.Offset.offset(magnitude * 1e-6));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 20})
    void sinkhorn(int iterations) {
        String prefix = "sinkhorn/" + iterations + "/";
        float[] mixes = GOLDEN.floats(prefix + "mixes");
        float[] scale = GOLDEN.floats(prefix + "scale");
        float[] base = GOLDEN.floats(prefix + "base");
        float[] expected = GOLDEN.floats(prefix + "comb");
        for (int r = 0; r < 16; r++) {
            float[] c = new float[16];
            for (int i = 0; i < 16; i++) {
                c[i] = Math.fma(mixes[r * 24 + 8 + i], scale[2], base[8 + i]);
            }
            RowMath.sinkhorn(c, 0, 4, iterations, 1e-6f);
            for (int i = 0; i < 16; i++) {
                assertThat(c[i]).isCloseTo(expected[r * 16 + i], org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128})
    void hadamard(int n) {
        float[] x = GOLDEN.floats("hadamard/" + n + "/in");
        float[] expected = GOLDEN.floats("hadamard/" + n + "/out");
        for (int from = 0; from < x.length; from += n) {
            RowMath.hadamard(x, from, n);
        }
        for (int i = 0; i < x.length; i++) {
            assertThat(x[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(2e-6f));
        }
    }

    @Test
    void swiglu() {
        float[] gate = GOLDEN.floats("swiglu/gate");
        float[] up = GOLDEN.floats("swiglu/up");
        for (float limit : new float[] {10f, 1.5f}) {
            float[] expected = GOLDEN.floats("swiglu/out_limit_" + limit);
            for (int i = 0; i < gate.length; i++) {
                assertThat(Arithmetic.swiglu(gate[i], up[i], limit, 1f))
                        .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-5f));
            }
        }
    }
}
