package ai.hadal.engine;

import java.util.Arrays;

/// How likely each token is next to the most likely one, `e^((logit - max) / temperature)`, from logits. Arithmetic is
/// double and exact to the bit everywhere; sums run over tokens by id, in blocks of [#BLOCK].
///
/// ### Implementation note
/// A vocabulary of 129,280 tokens is gone through for each of many texts between two steps. Loops over a block are such
/// as compilers make vectors of, which is why the exponential has neither a branch nor a look at bits. Nothing is kept
/// but the sum of each block: the few blocks of interest are computed again.
final class Likelihoods {

    /// Tokens of a block.
    private static final int BLOCK = 256;

    /// Tokens so much less likely than the most likely one, as a natural logarithm, are never drawn.
    private static final double NEGLIGIBLE = 40;

    /// The exponential's argument is divided by 2^8, its result squared 8 times.
    private static final double PART = 1.0 / 256;

    private static final double LEAST = power(-NEGLIGIBLE);

    /// Classes of a [Histogram] in one natural logarithm.
    private static final int CLASSES = 16;

    private final float[] logits;
    private final double max;
    private final double scale;
    private final double[] sums;
    private final double sum;

    /// Tokens by likelihood: class c is from `e^(-c/16)` down to `e^(-(c+1)/16)`. Of two tokens the one with the higher
    /// logit is never in a later class.
    ///
    /// @param counts tokens of each class
    /// @param sums of their likelihoods
    record Histogram(int[] counts, double[] sums) {}

    /// @param logits `[V]`
    /// @param max the highest of them, a finite number
    /// @param temperature above 0
    Likelihoods(float[] logits, float max, double temperature) {
        this.logits = logits;
        this.max = max;
        // A temperature may be so small that its reciprocal is infinite, and the highest logit's distance is 0.
        this.scale = Math.min(1 / temperature, Double.MAX_VALUE);
        this.sums = new double[Math.ceilDiv(logits.length, BLOCK)];
        var block = new double[BLOCK];
        double total = 0;
        for (int b = 0; b < sums.length; b++) {
            int n = compute(b, block);
            sums[b] = sum(block, n);
            total += sums[b];
        }
        sum = total;
    }

    /// The sum over all tokens.
    double sum() {
        return sum;
    }

    /// That of one token, the same bits as in any sum.
    double of(int id) {
        return exp((logits[id] - max) * scale);
    }

    /// The tokens at least this likely, by id.
    int[] atLeast(double least) {
        return where(least, (_, likelihood) -> likelihood >= least);
    }

    /// The tokens of the classes `from` to `to - 1` of the [#histogram], by id.
    int[] inClasses(int from, int to) {
        return where(0, (id, _) -> classOf(id) >= from && classOf(id) < to);
    }

    private interface Wanted {
        boolean test(int id, double likelihood);
    }

    /// The tokens that may be drawn and are wanted.
    ///
    /// @param least none below it is
    private int[] where(double least, Wanted wanted) {
        int[] ids = new int[64];
        int count = 0;
        var block = new double[BLOCK];
        for (int b = 0; b < sums.length; b++) {
            // No member of a block is likelier than all of it, rounding aside.
            if (sums[b] < least / 2) {
                continue;
            }
            int n = compute(b, block);
            for (int i = 0; i < n; i++) {
                int id = b * BLOCK + i;
                if (block[i] > 0 && wanted.test(id, block[i])) {
                    ids = count == ids.length ? Arrays.copyOf(ids, 2 * count) : ids;
                    ids[count++] = id;
                }
            }
        }
        return Arrays.copyOf(ids, count);
    }

    /// All tokens that may be drawn.
    Histogram histogram() {
        int classes = (int) (NEGLIGIBLE * CLASSES) + 1;
        var histogram = new Histogram(new int[classes], new double[classes]);
        var block = new double[BLOCK];
        for (int b = 0; b < sums.length; b++) {
            int n = compute(b, block);
            for (int i = 0; i < n; i++) {
                if (block[i] > 0) {
                    int c = classOf(b * BLOCK + i);
                    histogram.counts[c]++;
                    histogram.sums[c] += block[i];
                }
            }
        }
        return histogram;
    }

    private int classOf(int id) {
        return (int) ((max - logits[id]) * scale * CLASSES);
    }

    /// The token at which the sum by id exceeds a share of the whole.
    ///
    /// @param uniform the share, 0 or more and below 1
    int draw(double uniform) {
        double target = uniform * sum;
        double reached = 0;
        int last = 0;
        for (int b = 0; b < sums.length; b++) {
            if (sums[b] > 0) {
                last = b;
                if (target < reached + sums[b]) {
                    break;
                }
                reached += sums[b];
            }
        }
        return draw(last, target, reached);
    }

    private int draw(int block, double target, double before) {
        var likelihoods = new double[BLOCK];
        int n = compute(block, likelihoods);
        double reached = before;
        int last = 0;
        for (int i = 0; i < n; i++) {
            if (likelihoods[i] > 0) {
                reached += likelihoods[i];
                last = i;
                if (target < reached) {
                    break;
                }
            }
        }
        return block * BLOCK + last;
    }

    /// @return the tokens of the block
    private int compute(int block, double[] out) {
        int from = block * BLOCK;
        int n = Math.min(BLOCK, logits.length - from);
        for (int i = 0; i < n; i++) {
            out[i] = (logits[from + i] - max) * scale;
        }
        for (int i = 0; i < n; i++) {
            out[i] = exp(out[i]);
        }
        return n;
    }

    private static double sum(double[] a, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
        }
        for (; i < n; i++) {
            s0 += a[i];
        }
        return (s0 + s2) + (s1 + s3);
    }

    /// `e^x - e^-40` for x from -40 to 0, and exactly 0 below: within 1e-13 of itself and 1e-17.
    static double exp(double x) {
        return Math.max(power(x) - LEAST, 0);
    }

    /// e to the power of x, but of -40 for what is less.
    private static double power(double x) {
        double r = Math.max(x, -NEGLIGIBLE) * PART;
        double p = 1.0 / 3_628_800;
        p = Math.fma(p, r, 1.0 / 362_880);
        p = Math.fma(p, r, 1.0 / 40_320);
        p = Math.fma(p, r, 1.0 / 5_040);
        p = Math.fma(p, r, 1.0 / 720);
        p = Math.fma(p, r, 1.0 / 120);
        p = Math.fma(p, r, 1.0 / 24);
        p = Math.fma(p, r, 1.0 / 6);
        p = Math.fma(p, r, 0.5);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        p *= p;
        return p;
    }
}
