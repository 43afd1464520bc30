package ai.hadal.engine;

import ai.hadal.engine.Likelihoods.Histogram;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The tokens that top-k and top-p keep: the first ones by descending logit, ties by id.
///
/// ### Implementation note
/// Few tokens are likely, and to sort those is nearly always enough. Where it is not, since the model is unsure or
/// many are asked for, a histogram tells in which class the last token to keep is, and only that class is sorted.
final class MostLikely {

    /// What is looked at first: tokens at least this likely next to the most likely one, e^-7.
    private static final double LIKELY = 0x1p-10;

    private final float[] logits;
    private final Likelihoods likelihoods;
    private final int topK;
    private final double topP;

    /// @param topK 0 for any number
    /// @param topP 1 for all
    MostLikely(float[] logits, Likelihoods likelihoods, int topK, double topP) {
        this.logits = logits;
        this.likelihoods = likelihoods;
        this.topK = topK;
        this.topP = topP;
    }

    /// Their ids, ascending.
    int[] ids() {
        int[] order = byLogit(likelihoods.atLeast(LIKELY));
        int n = kept(order);
        int[] ids = n >= 0 ? Arrays.copyOf(order, n) : all().ids(likelihoods);
        Arrays.sort(ids);
        return ids;
    }

    /// How many of the likely tokens are kept; -1 if others must be known to tell.
    private int kept(int[] order) {
        if (topK > 0 && order.length < topK) {
            return -1;
        }
        int n = topK > 0 ? topK : order.length;
        if (topP >= 1) {
            return n;
        }
        double sum = topK > 0 ? sum(order, n) : likelihoods.sum();
        int kept = reaching(topP * sum, 0, order, n);
        return kept <= n ? kept : topK > 0 ? n : -1;
    }

    private double sum(int[] ids, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += likelihoods.of(ids[i]);
        }
        return sum;
    }

    /// How many of the first n tokens it takes until their sum reaches a target; n + 1 if it does not.
    ///
    /// @param start the sum before them
    private int reaching(double target, double start, int[] ids, int n) {
        double reached = start;
        for (int i = 0; i < n; i++) {
            reached += likelihoods.of(ids[i]);
            if (reached >= target) {
                return i + 1;
            }
        }
        return n + 1;
    }

    /// All tokens of the classes before one, and the first `count` of that one.
    private record Prefix(int before, int[] members, int count) {

        int[] ids(Likelihoods likelihoods) {
            return IntStream.concat(Arrays.stream(likelihoods.inClasses(0, before)), Arrays.stream(members, 0, count))
                    .toArray();
        }
    }

    private Prefix all() {
        var histogram = likelihoods.histogram();
        var first = topK > 0 ? first(topK, histogram) : new Prefix(histogram.counts().length, new int[0], 0);
        if (topP >= 1) {
            return first;
        }
        double sum = likelihoods.sum();
        if (topK > 0) {
            sum = sum(first.members, first.count);
            for (int c = 0; c < first.before; c++) {
                sum += histogram.sums()[c];
            }
        }
        return reaching(topP * sum, first, histogram);
    }

    private Prefix first(int k, Histogram histogram) {
        int count = 0;
        for (int c = 0; c < histogram.counts().length; c++) {
            if (count + histogram.counts()[c] >= k) {
                return new Prefix(c, members(c), k - count);
            }
            count += histogram.counts()[c];
        }
        return new Prefix(histogram.counts().length, new int[0], 0);
    }

    /// The part of a prefix whose sum reaches a target.
    private Prefix reaching(double target, Prefix most, Histogram histogram) {
        double reached = 0;
        for (int c = 0; c < most.before; c++) {
            if (reached + histogram.sums()[c] >= target) {
                int[] members = members(c);
                // Rounding may differ with the order.
                int count = Math.min(reaching(target, reached, members, members.length), members.length);
                return new Prefix(c, members, count);
            }
            reached += histogram.sums()[c];
        }
        return new Prefix(
                most.before, most.members, Math.min(reaching(target, reached, most.members, most.count), most.count));
    }

    private int[] members(int c) {
        return byLogit(likelihoods.inClasses(c, c + 1));
    }

    /// By descending logit, ties by id.
    private int[] byLogit(int[] ids) {
        long[] keys = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int bits = Float.floatToRawIntBits(logits[ids[i]] + 0f);
            int ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF);
            keys[i] = ((long) ~ordered << 32) | ids[i];
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }
}
