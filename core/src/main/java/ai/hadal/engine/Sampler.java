package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.TokenSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses tokens from logits. All arithmetic is double and exact to the bit everywhere, sums run over
/// tokens by id, so a choice depends on logits, options, history and position alone.
///
/// ### Implementation note
/// The usual case (temperature only) is a pass of [Likelihoods] without a sort; see [MostLikely] for filters.
final class Sampler {

    private final SamplingOptions options;
    private final Map<Integer, Integer> outputCounts = new HashMap<>();
    private final Map<Integer, Boolean> seen = new HashMap<>();

    Sampler(SamplingOptions options) {
        this.options = options;
    }

    /// Tells of a prompt token (only the repetition penalty looks at those).
    void sawPrompt(int id) {
        if (options.repetitionPenalty() != 1) {
            seen.put(id, true);
        }
    }

    /// Tells of a generated token.
    void sawOutput(int id) {
        sawPrompt(id);
        outputCounts.merge(id, 1, Integer::sum);
    }

    /// The next token.
    ///
    /// @param logits `[V]`, left as they are
    /// @param position position of the token to be chosen
    /// @param allowed the only tokens to choose from; null for all
    int next(float[] logits, long position, @Nullable TokenSet allowed) {
        float[] adjusted = adjusted(logits, allowed);
        float max = max(adjusted, position);
        if (options.temperature() == 0) {
            return first(max, adjusted);
        }
        var likelihoods = new Likelihoods(adjusted, max, options.temperature());
        double uniform = uniform(options.seed(), position);
        if (options.topK() == 0 && options.topP() == 1 && options.minP() == 0) {
            return likelihoods.draw(uniform);
        }
        return draw(kept(adjusted, likelihoods), likelihoods, uniform);
    }

    private float[] adjusted(float[] logits, @Nullable TokenSet allowed) {
        boolean penalties = options.frequencyPenalty() != 0 || options.presencePenalty() != 0;
        if (options.logitBias().isEmpty() && seen.isEmpty() && !penalties && allowed == null) {
            return logits;
        }
        float[] a = logits.clone();
        options.logitBias().forEach((id, bias) -> {
            if (id < 0 || id >= a.length) {
                throw new HadalException(
                        "the logit bias names token id " + id + ", but the vocabulary has " + a.length + " tokens");
            }
            a[id] += bias;
        });
        for (int id : seen.keySet()) {
            a[id] = (float) (a[id] > 0 ? a[id] / options.repetitionPenalty() : a[id] * options.repetitionPenalty());
        }
        if (penalties) {
            outputCounts.forEach(
                    (id, count) -> a[id] -= (float) (options.frequencyPenalty() * count + options.presencePenalty()));
        }
        if (allowed != null) {
            allowed.fillOutside(a, Float.NEGATIVE_INFINITY);
        }
        return a;
    }

    private static float max(float[] logits, long position) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            max = Math.max(max, logits[i]);
        }
        // NaN or positive infinity: nothing is proportional to them.
        if (!(max < Float.POSITIVE_INFINITY)) {
            throw new HadalException("the logits at position " + position
                    + " are not numbers; the checkpoint is damaged (check it with `hadal inspect`)");
        }
        if (max == Float.NEGATIVE_INFINITY) {
            throw new HadalException(
                    "no token is possible at position " + position + "; loosen the logit bias or the constraints");
        }
        return max;
    }

    private static int first(float value, float[] logits) {
        int i = 0;
        while (logits[i] != value) {
            i++;
        }
        return i;
    }

    /// The tokens that top-k, top-p and then min-p keep, by id.
    private int[] kept(float[] logits, Likelihoods likelihoods) {
        if (options.topK() == 0 && options.topP() == 1) {
            return likelihoods.atLeast(options.minP());
        }
        int[] ids = new MostLikely(logits, likelihoods, options.topK(), options.topP()).ids();
        return options.minP() == 0
                ? ids
                : Arrays.stream(ids)
                        .filter(id -> likelihoods.of(id) >= options.minP())
                        .toArray();
    }

    /// Draws from some tokens, at least one.
    private static int draw(int[] ids, Likelihoods likelihoods, double uniform) {
        double sum = 0;
        for (int id : ids) {
            sum += likelihoods.of(id);
        }
        double target = uniform * sum;
        double reached = 0;
        for (int id : ids) {
            reached += likelihoods.of(id);
            if (target < reached) {
                return id;
            }
        }
        return ids[ids.length - 1];
    }

    /// A uniform number in [0, 1) for a seed and a position: two rounds of the SplitMix64 finaliser.
    static double uniform(long seed, long position) {
        long z = mix(mix(seed) + 0x9E3779B97F4A7C15L * (position + 1));
        return (z >>> 11) * 0x1p-53;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
