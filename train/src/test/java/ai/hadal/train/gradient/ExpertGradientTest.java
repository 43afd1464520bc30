package ai.hadal.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.host.Arithmetic;
import ai.hadal.train.check.DoubleExperts;
import ai.hadal.train.check.GradientCheck;
import ai.hadal.train.check.Numbers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The clamped SwiGLU of experts: the engine's bits forward, the definition's gradients back.
class ExpertGradientTest {

    private static final int OFFSET = 3;
    private static final float[] CORNERS = {
        0f, -0f, 1e-30f, -1e-30f, 1.5f, -1.5f, 88f, -88f, 104f, -104f, 1e30f, -1e30f, 1.4999999f, Float.MIN_VALUE
    };

    @ParameterizedTest
    @CsvSource({"1.5, 0.7", "0, 0.7", "10, 1", "1.5, -3"})
    void forwardHasTheEnginesBits(float limit, float weight) {
        int n = 301;
        var numbers = new Numbers(5);
        float[] gate = numbers.floats(OFFSET + n, 0, 3);
        float[] up = numbers.floats(OFFSET + n, 0, 3);
        for (int i = 0; i < CORNERS.length * CORNERS.length; i++) {
            gate[OFFSET + i] = CORNERS[i / CORNERS.length];
            up[OFFSET + i] = CORNERS[i % CORNERS.length];
        }
        float[] hidden = new float[OFFSET + n];
        ExpertGradient.swiglu(gate, up, OFFSET, n, limit, weight, hidden);
        for (int i = OFFSET; i < OFFSET + n; i++) {
            assertThat(Float.floatToRawIntBits(hidden[i]))
                    .as("gate %s, up %s", gate[i], up[i])
                    .isEqualTo(Float.floatToRawIntBits(Arithmetic.swiglu(gate[i], up[i], limit, weight)));
        }
    }

    @ParameterizedTest
    @CsvSource({"6, 1.5", "16, 1.5", "37, 1.5", "48, 0", "5, 0"})
    void gradientsAreThoseOfTheDefinition(int n, float limit) {
        var numbers = new Numbers(n);
        double[][] x = {numbers.doubles(n, 0, 1.5), numbers.doubles(n, 0, 1.5), {0.7f}};
        double[] dHidden = numbers.doubles(n, 0, 1);
        float[] dGate = new float[OFFSET + n];
        float[] dUp = new float[OFFSET + n];
        float dWeight = ExpertGradient.swigluBack(
                shifted(x[0]), shifted(x[1]), OFFSET, n, limit, 0.7f, shifted(dHidden), dGate, dUp);
        GradientCheck.check(
                "swiglu of " + n,
                x,
                in -> {
                    double sum = 0;
                    for (int i = 0; i < n; i++) {
                        sum += dHidden[i] * DoubleExperts.swiglu(in[0][i], in[1][i], limit, in[2][0]);
                    }
                    return sum;
                },
                new float[][] {
                    Arrays.copyOfRange(dGate, OFFSET, OFFSET + n),
                    Arrays.copyOfRange(dUp, OFFSET, OFFSET + n),
                    {dWeight}
                });
    }

    @Test
    void aClampedValueDoesNotMove() {
        int n = 19;
        float[] gate = new float[n];
        float[] up = new float[n];
        float[] dHidden = new float[n];
        Arrays.fill(dHidden, 1f);
        for (int i = 0; i < n; i++) {
            gate[i] = i % 2 == 0 ? 1.5f : 0.5f;
            up[i] = i % 3 == 0 ? 1.5f : i % 3 == 1 ? -2f : 0.5f;
        }
        float[] dGate = new float[n];
        float[] dUp = new float[n];
        ExpertGradient.swigluBack(gate, up, 0, n, 1.5f, 1f, dHidden, dGate, dUp);
        for (int i = 0; i < n; i++) {
            assertThat(dGate[i] == 0f).as("gate %s", gate[i]).isEqualTo(i % 2 == 0);
            assertThat(dUp[i] == 0f).as("up %s", up[i]).isEqualTo(i % 3 != 2);
        }
    }

    private static float[] shifted(double[] x) {
        float[] all = new float[OFFSET + x.length];
        System.arraycopy(Numbers.narrowed(x), 0, all, OFFSET, x.length);
        return all;
    }
}
