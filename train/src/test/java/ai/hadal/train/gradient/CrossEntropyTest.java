package ai.hadal.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.DoubleLosses;
import ai.hadal.train.check.GradientCheck;
import ai.hadal.train.check.Numbers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Loss and gradient of predictions are those of the definition.
class CrossEntropyTest {

    private static final float FACTOR = 0.3f;

    @ParameterizedTest
    @CsvSource({"7, 2", "16, 2", "100, 5", "64, 40", "3, 1e-3"})
    void areThoseOfTheDefinition(int n, double deviation) {
        int rows = 5;
        var numbers = new Numbers(n);
        double[][] x = {numbers.doubles(rows * n, 1, deviation)};
        int[] targets = {99, n - 1, 0, n / 2, 1, 2};
        float[] logits = Numbers.narrowed(x[0]);
        double loss = CrossEntropy.gradient(logits, rows, n, targets, 1, FACTOR);
        double expected = loss(x[0], rows, n, targets);
        assertThat(loss).isCloseTo(expected, within(1e-6 * (1 + expected)));
        GradientCheck.check(
                "cross-entropy of " + n, x, in -> FACTOR * loss(in[0], rows, n, targets), new float[][] {logits});
    }

    private static double loss(double[] logits, int rows, int n, int[] targets) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += DoubleLosses.crossEntropy(logits, r, n, targets[1 + r]);
        }
        return sum;
    }
}
