package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks of tokens against the tokens one by one, and the exponential against the library's.
class LikelihoodsTest {

    private static float[] logits(int size, double spread, long seed) {
        var random = new Random(seed);
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = random.nextInt(10) == 0 ? Float.NEGATIVE_INFINITY : (float) (random.nextGaussian() * spread);
        }
        logits[random.nextInt(size)] = (float) (3 * spread);
        return logits;
    }

    private static Likelihoods of(float[] logits, double temperature) {
        float max = Float.NEGATIVE_INFINITY;
        for (float l : logits) {
            max = Math.max(max, l);
        }
        return new Likelihoods(logits, max, temperature);
    }

    @Test
    void theExponentialIsRight() {
        for (double x = 0; x >= -40; x -= 0.00137) {
            double exact = StrictMath.exp(x);
            assertThat(Likelihoods.exp(x)).as("exp(%s)", x).isCloseTo(exact, within(1e-13 * exact + 1e-17));
        }
        assertThat(Likelihoods.exp(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-40, -40.001, -700, -1e300, Double.NEGATIVE_INFINITY})
    void whatIsNegligibleIsExactlyNothing(double x) {
        assertThat(Likelihoods.exp(x)).isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 255, 256, 257, 1000, 4096})
    void blocksAddUpToTheirTokens(int size) {
        for (double spread : new double[] {0.1, 3, 30}) {
            float[] logits = logits(size, spread, size);
            for (double temperature : new double[] {0.3, 1, 2}) {
                var likelihoods = of(logits, temperature);
                double sum =
                        IntStream.range(0, size).mapToDouble(likelihoods::of).sum();
                assertThat(likelihoods.sum()).isCloseTo(sum, within(1e-12 * sum));
                for (double least : new double[] {0, 1e-9, 0.001, 0.5, 1}) {
                    assertThat(likelihoods.atLeast(least))
                            .containsExactly(IntStream.range(0, size)
                                    .filter(id -> likelihoods.of(id) > 0 && likelihoods.of(id) >= least)
                                    .toArray());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 257, 1000})
    void classesHoldAllThatMayBeDrawn(int size) {
        for (double spread : new double[] {0.1, 3, 30}) {
            float[] logits = logits(size, spread, size);
            var likelihoods = of(logits, 0.7);
            var histogram = likelihoods.histogram();
            int classes = histogram.counts().length;
            int all = 0;
            for (int c = 0; c < classes; c++) {
                int[] ids = likelihoods.inClasses(c, c + 1);
                assertThat(ids).hasSize(histogram.counts()[c]);
                double sum = Arrays.stream(ids).mapToDouble(likelihoods::of).sum();
                assertThat(histogram.sums()[c]).isCloseTo(sum, within(1e-12 * sum));
                double highest = Math.exp(-c / 16.0) * (1 + 1e-12);
                double lowest = Math.exp(-(c + 1) / 16.0) - 1e-16;
                assertThat(Arrays.stream(ids).mapToDouble(likelihoods::of).allMatch(p -> p <= highest && p >= lowest))
                        .isTrue();
                all += ids.length;
            }
            assertThat(likelihoods.inClasses(0, classes)).hasSize(all).isEqualTo(likelihoods.atLeast(0));
        }
    }

    /// A draw is the token whose share of the whole holds the uniform number; where rounding decides, its neighbour.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 255, 256, 257, 1000, 4096})
    void drawsFollowTheSums(int size) {
        var random = new Random(5);
        for (double spread : new double[] {0.1, 3, 30}) {
            float[] logits = logits(size, spread, size);
            var likelihoods = of(logits, 1);
            for (int i = 0; i < 200; i++) {
                double uniform = i == 0 ? 0 : i == 1 ? Math.nextDown(1.0) : random.nextDouble();
                int drawn = likelihoods.draw(uniform);
                assertThat(likelihoods.of(drawn)).isPositive();
                double before =
                        IntStream.range(0, drawn).mapToDouble(likelihoods::of).sum();
                double target = uniform * likelihoods.sum();
                double rounding = 1e-12 * likelihoods.sum();
                assertThat(target).isBetween(before - rounding, before + likelihoods.of(drawn) + rounding);
            }
        }
    }

    @Test
    void aTemperatureMayBeTheSmallestNumber() {
        var likelihoods = of(new float[] {1, 5, 4.9999995f, 5}, Double.MIN_VALUE);
        assertThat(likelihoods.sum()).isEqualTo(2);
        assertThat(likelihoods.draw(0)).isEqualTo(1);
        assertThat(likelihoods.draw(0.5)).isEqualTo(3);
    }
}
