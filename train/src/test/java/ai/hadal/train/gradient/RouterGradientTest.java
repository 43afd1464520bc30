package ai.hadal.train.gradient;

import static ai.hadal.train.check.OpCases.EXPERTS;
import static ai.hadal.train.check.OpCases.PER_TOKEN;
import static ai.hadal.train.check.OpCases.ROUTED_SCALE;
import static ai.hadal.train.check.OpCases.ROWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.DoubleExperts;
import ai.hadal.train.check.GradientCheck;
import ai.hadal.train.check.Numbers;
import ai.hadal.train.check.OpCases;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Gradients of the router are those of its definition.
class RouterGradientTest {

    @Test
    void ofTheWeights() {
        var op = OpCases.of("router");
        float[] logits = op.input("logits");
        float[] dWeights = op.outputGradient(0, ROWS * PER_TOKEN);
        float[] dLogits = new float[logits.length];
        int[] experts = flat(OpCases.chosen());
        for (int r = 0; r < ROWS; r++) {
            RouterGradient.weights(
                    logits, r * EXPERTS, experts, r * PER_TOKEN, PER_TOKEN, (float) ROUTED_SCALE, dWeights, dLogits);
        }
        GradientCheck.check(op, dLogits);
    }

    /// Far from zero the score is nearly linear on one side and nearly zero on the other.
    @ParameterizedTest
    @ValueSource(doubles = {-12, 0, 25})
    void ofTheWeightsFarFromZero(double mean) {
        var numbers = new Numbers(3);
        double[][] x = {numbers.doubles(6, mean, 1)};
        int[][] chosen = {{4, 0, 3}};
        double[] dWeights = numbers.doubles(3, 0, 1);
        float[] dLogits = new float[6];
        RouterGradient.weights(Numbers.narrowed(x[0]), 0, chosen[0], 0, 3, 2.5f, Numbers.narrowed(dWeights), dLogits);
        GradientCheck.check(
                "router at " + mean,
                x,
                in -> {
                    double[] w = DoubleExperts.weights(DoubleExperts.affinities(in[0]), chosen, 2.5);
                    return w[0] * dWeights[0] + w[1] * dWeights[1] + w[2] * dWeights[2];
                },
                new float[][] {dLogits});
    }

    @Test
    void ofTheBalanceLoss() {
        var op = OpCases.of("balance");
        float factor = (float) op.outputGradient()[0];
        float[] dLogits = Shifted.gradient(op.inputs()[0], EXPERTS);
        int[] before = new int[Shifted.ROW * PER_TOKEN];
        int[] experts = Arrays.copyOf(before, before.length + ROWS * PER_TOKEN);
        System.arraycopy(flat(OpCases.chosen()), 0, experts, before.length, ROWS * PER_TOKEN);
        double loss = RouterGradient.balance(
                Shifted.in(op.inputs()[0], EXPERTS), Shifted.ROW, ROWS, EXPERTS, experts, PER_TOKEN, factor, dLogits);
        assertThat(loss).isCloseTo(op.objective(op.inputs()), within(1e-6));
        GradientCheck.check(op, Shifted.out(dLogits, EXPERTS));
    }

    private static int[] flat(int[][] chosen) {
        return Arrays.stream(chosen).flatMapToInt(Arrays::stream).toArray();
    }
}
