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
/// The usual case (temperature only) is a pass of [Likelihoods] without a sort; filters sort likely tokens first
/// and the others only if they must.
final class Sampler {

    /// What filters look at first: tokens at least this likely next to the most likely one, e^-7.
    private static final double LIKELY = 0x1p-10;

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
        int[] ids = options.topK() == 0 && options.topP() == 1
                ? likelihoods.atLeast(options.minP())
                : mostLikely(logits, likelihoods);
        return options.minP() == 0
                ? ids
                : Arrays.stream(ids)
                        .filter(id -> likelihoods.of(id) >= options.minP())
                        .toArray();
    }

    /// What top-k and top-p keep, by id.
    private int[] mostLikely(float[] logits, Likelihoods likelihoods) {
        for (double least = LIKELY; ; least = 0) {
            int[] order = byLogit(logits, likelihoods.atLeast(least));
            int n = kept(likelihoods, order, least == 0);
            if (n >= 0) {
                int[] ids = Arrays.copyOf(order, n);
                Arrays.sort(ids);
                return ids;
            }
        }
    }

    /// How many of the most likely tokens top-k and top-p keep; -1 if more than these must be known.
    private int kept(Likelihoods likelihoods, int[] order, boolean all) {
        int k = options.topK() > 0 ? options.topK() : Integer.MAX_VALUE;
        if (!all && options.topK() > 0 && order.length < k) {
            return -1;
        }
        int n = Math.min(k, order.length);
        if (options.topP() >= 1) {
            return n;
        }
        double sum = likelihoods.sum();
        if (options.topK() > 0) {
            sum = 0;
            for (int i = 0; i < n; i++) {
                sum += likelihoods.of(order[i]);
            }
        }
        double reached = 0;
        for (int i = 0; i < n; i++) {
            reached += likelihoods.of(order[i]);
            if (reached >= options.topP() * sum) {
                return i + 1;
            }
        }
        return all || options.topK() > 0 ? n : -1;
    }

    /// Tokens by descending logit, ties by id.
    private static int[] byLogit(float[] logits, int[] ids) {
        long[] keys = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int bits = Float.floatToRawIntBits(logits[ids[i]] + 0f);
            int ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF);
            keys[i] = ((long) ~ordered << 32) | ids[i];
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
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
