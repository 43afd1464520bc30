package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.TokenSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses tokens from logits. All arithmetic is double and exact to the bit everywhere, sums run over
/// tokens by id, so a choice depends on logits, options, history and position alone.
///
/// ### Implementation note
/// A vocabulary of 129,280 tokens is chosen from for each of many texts between two steps, so the usual
/// case (temperature only) is two passes without a sort or a branch on chance, and filters sort likely
/// tokens first and the others only if they must. `exp` is our own, since the library's exact one takes
/// most of the time of all this.
final class Sampler {

    /// Tokens so much less likely than the most likely one, as a natural logarithm, are never drawn.
    private static final double NEGLIGIBLE = 40;

    /// What filters look at first: tokens at least this likely next to the most likely one, e^-7.
    private static final double LIKELY = 0x1p-10;

    private static final double LOG2E = 1.4426950408889634;
    private static final double LN2_HIGH = 0x1.62e42feep-1;
    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

    /// 1.5 * 2^52: adding it rounds to a whole number.
    private static final double ROUND = 0x1.8p52;

    private static final int EXPONENT_BIAS = 1023;
    private static final int MANTISSA_BITS = 52;

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
        double[] p = probabilities(adjusted, adjusted[best]);
        if (options.topK() > 0 || options.topP() < 1) {
            p = mostLikely(adjusted, p);
        }
        return draw(p, options.minP(), uniform(options.seed(), position));
    }

    /// Probabilities next to that of the most likely token.
    private double[] probabilities(float[] logits, double max) {
        double[] p = new double[logits.length];
        for (int i = 0; i < p.length; i++) {
            double x = (logits[i] - max) / options.temperature();
            p[i] = x >= -NEGLIGIBLE ? exp(x) : 0;
        }
        return p;
    }

    /// e to the power of x, for x from -[#NEGLIGIBLE] to 0: within an ulp or two, and the same bits on every
    /// machine. x is
    /// k ln 2 + r, and the powers of r add up to 13 factorial.
    static double exp(double x) {
        double shifted = Math.fma(x, LOG2E, ROUND);
        double k = shifted - ROUND;
        double r = Math.fma(-k, LN2_LOW, Math.fma(-k, LN2_HIGH, x));
        double sum = 1.0 / 6_227_020_800L;
        sum = Math.fma(sum, r, 1.0 / 479_001_600);
        sum = Math.fma(sum, r, 1.0 / 39_916_800);
        sum = Math.fma(sum, r, 1.0 / 3_628_800);
        sum = Math.fma(sum, r, 1.0 / 362_880);
        sum = Math.fma(sum, r, 1.0 / 40_320);
        sum = Math.fma(sum, r, 1.0 / 5_040);
        sum = Math.fma(sum, r, 1.0 / 720);
        sum = Math.fma(sum, r, 1.0 / 120);
        sum = Math.fma(sum, r, 1.0 / 24);
        sum = Math.fma(sum, r, 1.0 / 6);
        sum = Math.fma(sum, r, 0.5);
        sum = Math.fma(sum, r, 1);
        sum = Math.fma(sum, r, 1);
        return sum * Double.longBitsToDouble(((long) k + EXPONENT_BIAS) << MANTISSA_BITS);
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

    /// The probabilities of what top-k and top-p keep, 0 for the others.
    private double[] mostLikely(float[] logits, double[] p) {
        for (double least = LIKELY; ; least = 0) {
            int[] order = byLikelihood(logits, p, least);
            int n = kept(p, order, least == 0);
            if (n >= 0) {
                double[] kept = new double[p.length];
                for (int i = 0; i < n; i++) {
                    kept[order[i]] = p[order[i]];
                }
                return kept;
            }
        }
    }

    /// How many of the most likely tokens top-k and top-p keep; -1 if more than these must be known.
    private int kept(double[] p, int[] order, boolean all) {
        int k = options.topK() > 0 ? options.topK() : p.length;
        if (!all && options.topK() > 0 && order.length < k) {
            return -1;
        }
        int n = Math.min(k, order.length);
        if (options.topP() >= 1) {
            return all || options.topK() > 0 ? n : -1;
        }
        double sum = 0;
        if (options.topK() > 0) {
            for (int i = 0; i < n; i++) {
                sum += p[order[i]];
            }
        } else {
            for (double one : p) {
                sum += one;
            }
        }
        double reached = 0;
        for (int i = 0; i < n; i++) {
            reached += p[order[i]];
            if (reached >= options.topP() * sum) {
                return i + 1;
            }
        }
        return all || options.topK() > 0 ? n : -1;
    }

    /// Ids of tokens at least this likely by descending logit, ties by id.
    private static int[] byLikelihood(float[] logits, double[] p, double least) {
        long[] keys = new long[logits.length];
        int count = 0;
        for (int i = 0; i < logits.length; i++) {
            if (p[i] > least) {
                int bits = Float.floatToRawIntBits(logits[i] + 0f);
                int ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF);
                keys[count++] = ((long) ~ordered << 32) | i;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) keys[i];
        }
        return ids;
    }

    /// Draws from the tokens that are likely enough.
    private static int draw(double[] p, double least, double uniform) {
        double sum = 0;
        for (double one : p) {
            sum += one >= least ? one : 0;
        }
        double target = uniform * sum;
        double reached = 0;
        int last = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] > 0 && p[i] >= least) {
                reached += p[i];
                if (target < reached) {
                    return i;
                }
                last = i;
            }
        }
        return last;
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
