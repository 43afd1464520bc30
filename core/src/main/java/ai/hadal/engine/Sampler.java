package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.TokenSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses tokens from logits. All arithmetic is double and strict, sums run over candidates in one stated
/// order (most likely first, ties by id), so a choice depends on logits, options, history and position
/// alone.
final class Sampler {

    /// Candidates so much less likely, as a natural logarithm, change no sum that begins with the most
    /// likely one.
    private static final double NEGLIGIBLE = 40;

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
        float[] adjusted = adjusted(logits);
        if (allowed != null) {
            adjusted = only(allowed, adjusted);
        }
        int best = argmax(adjusted, position);
        if (options.temperature() == 0) {
            return best;
        }
        double max = adjusted[best];
        int[] order = candidates(adjusted, max - NEGLIGIBLE * options.temperature());
        double[] p = new double[order.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = StrictMath.exp((adjusted[order[i]] - max) / options.temperature());
            sum += p[i];
        }
        int kept = keep(p, sum);
        return order[draw(p, kept, uniform(options.seed(), position))];
    }

    private static float[] only(TokenSet allowed, float[] logits) {
        float[] masked = new float[logits.length];
        Arrays.fill(masked, Float.NEGATIVE_INFINITY);
        for (int id = allowed.next(0); id >= 0 && id < logits.length; id = allowed.next(id + 1)) {
            masked[id] = logits[id];
        }
        return masked;
    }

    private float[] adjusted(float[] logits) {
        boolean penalties = options.frequencyPenalty() != 0 || options.presencePenalty() != 0;
        if (options.logitBias().isEmpty() && seen.isEmpty() && !penalties) {
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
        return a;
    }

    private static int argmax(float[] logits, long position) {
        int best = 0;
        boolean valid = false;
        for (int i = 0; i < logits.length; i++) {
            // NaN or positive infinity: nothing is proportional to them.
            if (!(logits[i] < Float.POSITIVE_INFINITY)) {
                throw new HadalException("the logits at position " + position
                        + " are not numbers; the checkpoint is damaged (check it with `hadal inspect`)");
            }
            valid |= logits[i] > Float.NEGATIVE_INFINITY;
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        if (!valid) {
            throw new HadalException(
                    "no token is possible at position " + position + "; loosen the logit bias or the constraints");
        }
        return best;
    }

    /// Ids of at least a logit by descending logit, ties by id: all, or the top k.
    private int[] candidates(float[] logits, double least) {
        long[] keys = new long[logits.length];
        int count = 0;
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] >= least) {
                int bits = Float.floatToRawIntBits(logits[i] + 0f);
                int ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF);
                keys[count++] = ((long) ~ordered << 32) | i;
            }
        }
        Arrays.sort(keys, 0, count);
        int n = options.topK() > 0 ? Math.min(options.topK(), count) : count;
        int[] ids = new int[n];
        for (int i = 0; i < n; i++) {
            ids[i] = (int) keys[i];
        }
        return ids;
    }

    /// How many of the sorted candidates remain after top-p and min-p.
    private int keep(double[] p, double sum) {
        int n = p.length;
        if (options.topP() < 1) {
            double reached = 0;
            for (int i = 0; i < n; i++) {
                reached += p[i];
                if (reached >= options.topP() * sum) {
                    n = i + 1;
                }
            }
        }
        while (n > 1 && p[n - 1] < options.minP() * p[0]) {
            n--;
        }
        return n;
    }

    private static int draw(double[] p, int n, double uniform) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += p[i];
        }
        double target = uniform * sum;
        double reached = 0;
        for (int i = 0; i < n; i++) {
            reached += p[i];
            if (target < reached) {
                return i;
            }
        }
        return n - 1;
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

    /// Log probabilities of the model itself (before any option): the chosen token's and the most likely
    /// ones'.
    static TokenLogprobs logprobs(float[] logits, int chosen, int top) {
        double max = Double.NEGATIVE_INFINITY;
        for (float l : logits) {
            max = Math.max(max, l);
        }
        double sum = 0;
        for (float l : logits) {
            sum += StrictMath.exp(l - max);
        }
        double norm = max + StrictMath.log(sum);
        List<TokenLogprobs.Entry> entries = new ArrayList<>();
        boolean[] taken = new boolean[logits.length];
        for (int i = 0; i < Math.min(top, logits.length); i++) {
            int best = -1;
            for (int id = 0; id < logits.length; id++) {
                if (!taken[id] && (best < 0 || logits[id] > logits[best])) {
                    best = id;
                }
            }
            taken[best] = true;
            entries.add(new TokenLogprobs.Entry(best, logits[best] - norm));
        }
        return new TokenLogprobs(logits[chosen] - norm, List.copyOf(entries));
    }
}
