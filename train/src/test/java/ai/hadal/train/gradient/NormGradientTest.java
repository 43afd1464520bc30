package ai.hadal.train.gradient;

import static ai.hadal.train.check.OpCases.EPS;
import static ai.hadal.train.check.OpCases.WIDTH;

import ai.hadal.train.check.DoubleOps;
import ai.hadal.train.check.GradientCheck;
import ai.hadal.train.check.Numbers;
import ai.hadal.train.check.OpCases;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Gradients of norms are those of their definition.
class NormGradientTest {

    @Test
    void withAWeight() {
        var op = OpCases.of("rms norm");
        float[] x = op.input("x");
        float[] dx = new float[x.length];
        float[] dWeight = new float[WIDTH];
        NormGradient.rms(
                x.length / WIDTH,
                WIDTH,
                x,
                op.input("norm"),
                (float) EPS,
                op.outputGradient(0, x.length),
                dx,
                dWeight,
                0);
        GradientCheck.check(op, dx, dWeight);
    }

    @Test
    void withoutAWeightAndOfAnOddWidth() {
        int n = 7;
        int parts = 3;
        var numbers = new Numbers(3);
        double[] x = numbers.doubles(parts * n, 0, 1);
        double[] dy = numbers.doubles(parts * n, 0, 1);
        Function<double[][], Double> objective = in -> {
            double[] y = DoubleOps.partNorm(in[0], n, EPS);
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += y[i] * dy[i];
            }
            return sum;
        };
        float[] dx = new float[x.length];
        NormGradient.rms(parts, n, Numbers.narrowed(x), null, (float) EPS, Numbers.narrowed(dy), dx, new float[0], 0);
        GradientCheck.check("norm of parts", new double[][] {x}, objective, new float[][] {dx});
    }
}
