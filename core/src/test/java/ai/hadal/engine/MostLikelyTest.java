package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is kept is the shortest beginning of all tokens in their order that has the wanted number or share.
class MostLikelyTest {

    private static final double ROUNDING = 1e-12;

    /// From a model that knows what comes next to one that has no idea, with many tokens alike.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 2, 5, 20})
    void theShortestBeginningIsKept(double spread) {
        var random = new Random(7);
        for (int round = 0; round < 300; round++) {
            float[] logits = new float[1 + random.nextInt(1000)];
            for (int i = 0; i < logits.length; i++) {
                float logit = (float) (random.nextGaussian() * spread);
                logits[i] = random.nextInt(4) == 0 ? Math.round(logit) : logit;
            }
            int k = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(2 * logits.length);
            double p = k > 0 && random.nextBoolean() ? 1 : 1 - random.nextDouble();
            check(logits, k, p);
        }
    }

    private static void check(float[] logits, int k, double p) {
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -logits[id] + 0.0))
                .mapToInt(id -> id)
                .toArray();
        var likelihoods = new Likelihoods(logits, logits[order[0]], 1);
        int drawable =
                (int) IntStream.of(order).filter(id -> likelihoods.of(id) > 0).count();
        int most = k == 0 ? drawable : Math.min(k, drawable);

        int[] kept = new MostLikely(logits, likelihoods, k, p).ids();
        assertThat(kept).isEqualTo(sorted(order, kept.length)).hasSizeBetween(1, most);
        if (p == 1 && k > 0) {
            assertThat(kept).hasSize(most);
            return;
        }
        double target = p * sum(likelihoods, order, most);
        assertThat(sum(likelihoods, order, kept.length)).isGreaterThanOrEqualTo(target * (1 - ROUNDING));
        assertThat(sum(likelihoods, order, kept.length - 1)).isLessThan(target * (1 + ROUNDING));
    }

    private static int[] sorted(int[] order, int n) {
        int[] ids = Arrays.copyOf(order, n);
        Arrays.sort(ids);
        return ids;
    }

    private static double sum(Likelihoods likelihoods, int[] order, int n) {
        return IntStream.range(0, n).mapToDouble(i -> likelihoods.of(order[i])).sum();
    }
}
