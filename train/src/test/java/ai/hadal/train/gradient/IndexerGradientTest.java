package ai.hadal.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.DoubleAttention;
import ai.hadal.train.check.DoubleLosses;
import ai.hadal.train.check.GradientCheck;
import ai.hadal.train.check.Numbers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The indexer learns from attention as the definition of its loss says.
class IndexerGradientTest {

    private static final float FACTOR = 0.25f;

    @ParameterizedTest
    @CsvSource({
        // heads, width, length, sparse
        "2, 8, 37, false",
        "2, 8, 70, false",
        "3, 16, 48, false",
        "2, 12, 41, true",
        "2, 16, 7, false"
    })
    void lossAndGradientsAreThoseOfTheDefinition(int heads, int width, int length, boolean sparse) {
        var attending = Attending.of(2, 16, 5, 4, length, sparse);
        double[][] shares = attending.attend(attending.x()).shares();
        var numbers = new Numbers(heads + length);
        double[][] x = {
            numbers.doubles(length * heads * width, 0, 1),
            numbers.doubles(length * heads, 0, 1),
            numbers.doubles(length / 4 * width, 0, 1)
        };
        float[] dQ = Shifted.gradient(x[0], heads * width);
        float[] dWeights = Shifted.gradient(x[1], heads);
        float[] dKeys = new float[x[2].length];
        var indexer = new IndexerGradient(
                heads,
                width,
                (float) (1 / Math.sqrt(width * heads)),
                FACTOR,
                Shifted.in(x[0], heads * width),
                Shifted.in(x[1], heads),
                Shifted.ROW,
                Numbers.narrowed(x[2]),
                length / 4,
                dQ,
                dWeights,
                dKeys);
        float[][] attention = attending.gradients(indexer);

        assertThat(indexer.loss()).isCloseTo(loss(x, attending, shares, heads, width), within(1e-5 * length));
        GradientCheck.check(
                "indexer " + heads + " x " + width,
                x,
                in -> FACTOR * loss(in, attending, shares, heads, width),
                new float[][] {Shifted.out(dQ, heads * width), Shifted.out(dWeights, heads), dKeys},
                2e-5);
        assertThat(attention).as("attention is not moved by it").isDeepEqualTo(attending.gradients(null));
    }

    private static double loss(double[][] x, Attending attending, double[][] shares, int heads, int width) {
        double[][] scores = DoubleAttention.indexScores(x[0], x[1], x[2], heads, width);
        double loss = 0;
        for (int r = 0; r < shares.length; r++) {
            int[] selected = attending.selected()[r];
            if (selected.length >= 2) {
                double[] chosen = new double[selected.length];
                for (int i = 0; i < chosen.length; i++) {
                    chosen[i] = scores[r][selected[i]];
                }
                loss += DoubleLosses.divergence(shares[r], chosen);
            }
        }
        return loss;
    }
}
