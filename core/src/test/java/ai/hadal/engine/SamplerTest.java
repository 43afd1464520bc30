package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.TokenSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The sampler against distributions worked out by hand. Draws depend on seed and position only, so that
/// what is random here is the same in every run.
class SamplerTest {

    private static final int DRAWS = 20_000;

    /// Probabilities 0.1, 0.4, 0.2, 0.3.
    private static final float[] LOGITS = logs(0.1, 0.4, 0.2, 0.3);

    private static float[] logs(double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            // An offset, as logits have: it must not matter.
            logits[i] = (float) (Math.log(probabilities[i]) + 3);
        }
        return logits;
    }

    private static final SamplingOptions PLAIN = SamplingOptions.defaults(42);

    private static SamplingOptions options(double temperature, int topK, double topP, double minP) {
        return new SamplingOptions(temperature, topK, topP, minP, 1, 0, 0, Map.of(), 42);
    }

    private static SamplingOptions penalties(double repetition, double frequency, double presence) {
        return new SamplingOptions(1, 0, 1, 0, repetition, frequency, presence, Map.of(), 42);
    }

    private static SamplingOptions bias(double temperature, Map<Integer, Float> bias) {
        return new SamplingOptions(temperature, 0, 1, 0, 1, 0, 0, bias, 42);
    }

    /// Pearson's statistic of the draws against the expected probabilities; a token of probability 0 must
    /// never be drawn.
    private static double chiSquare(Sampler sampler, float[] logits, double... expected) {
        int[] counts = new int[logits.length];
        for (int position = 0; position < DRAWS; position++) {
            counts[sampler.next(logits, position, null)]++;
        }
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (expected[i] == 0) {
                assertThat(counts[i]).as("draws of token " + i).isZero();
            } else {
                double wanted = expected[i] * DRAWS;
                sum += (counts[i] - wanted) * (counts[i] - wanted) / wanted;
            }
        }
        return sum;
    }

    /// The 99.9 % quantile of chi-square with three degrees of freedom, an upper bound for fewer too.
    private static final double LIMIT = 16.27;

    private static void draws(SamplingOptions options, double... expected) {
        draws(new Sampler(options), LOGITS, expected);
    }

    private static void draws(Sampler sampler, float[] logits, double... expected) {
        assertThat(chiSquare(sampler, logits, expected)).isLessThan(LIMIT);
    }

    @Test
    void withoutOptionsItDrawsFromTheModelsDistribution() {
        draws(PLAIN, 0.1, 0.4, 0.2, 0.3);
        // The statistic tells distributions apart that differ by a few percent.
        assertThat(chiSquare(new Sampler(PLAIN), LOGITS, 0.12, 0.38, 0.2, 0.3)).isGreaterThan(LIMIT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1234567890123L})
    void drawsAreUniformForEverySeed(long seed) {
        int[] bins = new int[16];
        for (int position = 0; position < DRAWS; position++) {
            double u = Sampler.uniform(seed, position);
            assertThat(u).isGreaterThanOrEqualTo(0).isLessThan(1);
            bins[(int) (u * bins.length)]++;
        }
        double wanted = (double) DRAWS / bins.length;
        double sum = 0;
        for (int count : bins) {
            sum += (count - wanted) * (count - wanted) / wanted;
        }
        // 99.9 % with 15 degrees of freedom.
        assertThat(sum).isLessThan(37.7);
    }

    @Test
    void temperatureIsAnExponent() {
        // p^2: 0.01, 0.16, 0.04, 0.09 of 0.3.
        draws(options(0.5, 0, 1, 0), 1.0 / 30, 16.0 / 30, 4.0 / 30, 9.0 / 30);
        double[] root = {Math.sqrt(0.1), Math.sqrt(0.4), Math.sqrt(0.2), Math.sqrt(0.3)};
        double sum = root[0] + root[1] + root[2] + root[3];
        draws(options(2, 0, 1, 0), root[0] / sum, root[1] / sum, root[2] / sum, root[3] / sum);
        draws(options(Double.MIN_VALUE, 0, 1, 0), 0, 1, 0, 0);
    }

    @Test
    void topKKeepsTheMostLikely() {
        draws(options(1, 2, 1, 0), 0, 4.0 / 7, 0, 3.0 / 7);
        draws(options(1, 1, 1, 0), 0, 1, 0, 0);
        draws(options(1, 99, 1, 0), 0.1, 0.4, 0.2, 0.3);
        // Ties go to the lower id.
        draws(new Sampler(options(1, 2, 1, 0)), new float[] {1, 5, 5, 5}, 0, 0.5, 0.5, 0);
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesIt() {
        draws(options(1, 0, 0.39, 0), 0, 1, 0, 0);
        draws(options(1, 0, 0.41, 0), 0, 4.0 / 7, 0, 3.0 / 7);
        draws(options(1, 0, 0.71, 0), 0, 4.0 / 9, 2.0 / 9, 3.0 / 9);
        draws(options(1, 0, 0.95, 0), 0.1, 0.4, 0.2, 0.3);
        // Of what top-k keeps: 0.4 of 0.7 is 0.57.
        draws(options(1, 2, 0.57, 0), 0, 1, 0, 0);
        // After the temperature: 16 of 30 is 0.53.
        draws(options(0.5, 0, 0.53, 0), 0, 1, 0, 0);
    }

    @Test
    void minPKeepsWhatIsLikelyEnoughBesideTheMostLikely() {
        draws(options(1, 0, 1, 0.26), 0, 4.0 / 9, 2.0 / 9, 3.0 / 9);
        draws(options(1, 0, 1, 0.74), 0, 4.0 / 7, 0, 3.0 / 7);
        draws(options(1, 0, 1, 1), 0, 1, 0, 0);
    }

    @Test
    void biasIsAddedToLogits() {
        float ln2 = (float) Math.log(2);
        draws(bias(1, Map.of(0, ln2)), 0.2 / 1.1, 0.4 / 1.1, 0.2 / 1.1, 0.3 / 1.1);
        draws(bias(1, Map.of(1, Float.NEGATIVE_INFINITY)), 1.0 / 6, 0, 2.0 / 6, 3.0 / 6);
        assertThat(new Sampler(bias(0, Map.of(0, 100f))).next(LOGITS, 0, null)).isZero();
    }

    @Test
    void theRepetitionPenaltyDividesPositiveAndMultipliesNegativeLogits() {
        float[] logits = {(float) Math.log(4), (float) Math.log(0.5), 0, 0};
        var sampler = new Sampler(penalties(2, 0, 0));
        sampler.sawPrompt(0);
        sampler.sawPrompt(0);
        sampler.sawOutput(1);
        // 4 becomes 2 and 0.5 becomes 0.25, however often they were seen.
        draws(sampler, logits, 2 / 4.25, 0.25 / 4.25, 1 / 4.25, 1 / 4.25);
    }

    @Test
    void frequencyAndPresenceCountTheOutputAlone() {
        double ln2 = Math.log(2);
        float[] even = {1, 1, 1, 1};
        var frequency = new Sampler(penalties(1, ln2, 0));
        frequency.sawPrompt(3);
        frequency.sawOutput(0);
        frequency.sawOutput(1);
        frequency.sawOutput(1);
        draws(frequency, even, 0.5 / 2.75, 0.25 / 2.75, 1 / 2.75, 1 / 2.75);
        var presence = new Sampler(penalties(1, 0, ln2));
        presence.sawPrompt(3);
        presence.sawOutput(1);
        presence.sawOutput(1);
        draws(presence, even, 1 / 3.5, 0.5 / 3.5, 1 / 3.5, 1 / 3.5);
    }

    @Test
    void greedyTakesTheMostLikelyAndTheLowerIdOfEquals() {
        var greedy = new Sampler(SamplingOptions.greedy());
        assertThat(greedy.next(LOGITS, 0, null)).isEqualTo(1);
        assertThat(greedy.next(new float[] {1, 3, 2, 3}, 0, null)).isEqualTo(1);
        assertThat(greedy.next(new float[] {-0f, 0f}, 0, null)).isZero();
        assertThat(greedy.next(new float[] {0f, -0f}, 0, null)).isZero();
        assertThat(greedy.next(new float[] {Float.NEGATIVE_INFINITY, -9}, 0, null))
                .isEqualTo(1);
    }

    @Test
    void theLogitsStayAsTheyAre() {
        float[] logits = LOGITS.clone();
        new Sampler(bias(1, Map.of(0, 9f))).next(logits, 0, null);
        assertThat(logits).containsExactly(LOGITS);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void whatIsNoNumberIsNeverDrawnFrom(float value) {
        for (var options : new SamplingOptions[] {PLAIN, SamplingOptions.greedy()}) {
            assertThatThrownBy(() -> new Sampler(options).next(new float[] {1, value, 2}, 17, null))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("position 17");
        }
    }

    @Test
    void aTokenMustRemainPossible() {
        var forbidden = bias(1, Map.of(0, Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY));
        assertThatThrownBy(() -> new Sampler(forbidden).next(new float[] {1, 2}, 3, null))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("no token is possible");
        assertThatThrownBy(() -> new Sampler(bias(1, Map.of(2, 1f))).next(new float[] {1, 2}, 3, null))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("token id 2");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -0.5, 101})
    void optionsOutOfRangeAreRefused(double value) {
        refused(() -> options(value, 0, 1, 0), "temperature");
        refused(() -> options(1, 0, value, 0), "top-p");
        refused(() -> options(1, 0, 1, value), "min-p");
        refused(() -> penalties(value, 0, 0), "repetition penalty");
        if (value != -0.5) {
            refused(() -> penalties(1, value, 0), "frequency penalty");
            refused(() -> penalties(1, 0, value), "presence penalty");
        }
        refused(() -> options(1, -1, 1, 0), "top-k");
        refused(() -> bias(1, Map.of(5, Float.NaN)), "logit bias of token 5");
        refused(() -> bias(1, Map.of(5, Float.POSITIVE_INFINITY)), "logit bias of token 5");
    }

    private static void refused(Runnable options, String field) {
        assertThatThrownBy(options::run).isInstanceOf(HadalException.class).hasMessageContaining(field);
    }

    @Test
    void logprobsAreTheModelsOwn() {
        var logprobs = TokenLogprobs.of(LOGITS, 2, 3);
        assertThat(Math.exp(logprobs.chosen())).isCloseTo(0.2, within(1e-6));
        assertThat(logprobs.top().stream().map(TokenLogprobs.Entry::id)).containsExactly(1, 3, 2);
        assertThat(Math.exp(logprobs.top().getFirst().logprob())).isCloseTo(0.4, within(1e-6));
        assertThat(TokenLogprobs.of(LOGITS, 0, 0).top()).isEmpty();
        assertThat(TokenLogprobs.of(LOGITS, 0, 99).top()).hasSize(4);
        // Ties to the lower id.
        assertThat(TokenLogprobs.of(new float[] {1, 2, 2}, 0, 2).top().stream().map(TokenLogprobs.Entry::id))
                .containsExactly(1, 2);
    }

    @Test
    void onlyAllowedTokensAreChosen() {
        var allowed = TokenSet.of(0, 3);
        for (var options : List.of(SamplingOptions.greedy(), SamplingOptions.defaults(4))) {
            for (int position = 0; position < 50; position++) {
                int id = new Sampler(options).next(new float[] {1, 9, 8, 2}, position, allowed);
                assertThat(allowed.contains(id)).isTrue();
            }
        }
        assertThatThrownBy(() -> new Sampler(SamplingOptions.greedy()).next(new float[] {1, 2}, 3, TokenSet.of(7)))
                .hasMessageContaining("no token is possible");
    }

    /// Filters look at likely tokens first; what they keep is the same as if they looked at all.
    @Test
    void filtersKeepWhatSortingAllWouldKeep() {
        var random = new Random(3);
        for (int round = 0; round < 200; round++) {
            float[] logits = new float[300];
            float spread = 1 << random.nextInt(6);
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) random.nextGaussian() * spread;
            }
            int k = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(300);
            double topP = random.nextBoolean() ? 1 : random.nextDouble();
            var allowed = sortedChoice(logits, k, topP);
            var sampler = new Sampler(options(1, k, topP, 0));
            for (int position = 0; position < 20; position++) {
                assertThat(allowed).contains(sampler.next(logits, position, null));
            }
        }
    }

    private static Set<Integer> sortedChoice(float[] logits, int k, double topP) {
        var ids = new ArrayList<Integer>();
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            ids.add(i);
            max = Math.max(max, logits[i]);
        }
        ids.sort(Comparator.comparingDouble(i -> -logits[i]));
        var top = k == 0 ? ids : ids.subList(0, k);
        double sum = 0;
        for (int id : top) {
            sum += Math.exp(logits[id] - max);
        }
        var kept = new HashSet<Integer>();
        double reached = 0;
        for (int id : top) {
            kept.add(id);
            reached += Math.exp(logits[id] - max);
            if (reached >= topP * sum * (1 + 1e-12)) {
                break;
            }
        }
        return kept;
    }
}
