package ai.hadal.train.check;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Attention with sink over selected compressed entries and a window of raw ones, and the indexer's scores.
///
/// @param heads query heads
/// @param width of a head, a key-value row and a compressed entry
/// @param window raw rows that a query sees, its own included
public record DoubleAttention(int heads, int width, int window) {

    /// @param out `[rows, heads * width]`, rope not yet undone
    /// @param shares per row the attention probabilities of its selected entries, summed over heads and divided by
    ///     their sum
    public record Result(double[] out, double[][] shares) {}

    /// @param q `[rows, heads * width]`
    /// @param kv `[rows, width]`
    /// @param entries `[entries, width]`
    /// @param selected per row the entries it attends to
    /// @param sink `[heads]`
    public Result attend(double[] q, double[] kv, double[] entries, int[][] selected, double[] sink) {
        double[] out = new double[q.length];
        double[][] shares = new double[selected.length][];
        for (int r = 0; r < selected.length; r++) {
            shares[r] = new double[selected[r].length];
            for (int h = 0; h < heads; h++) {
                head(q, kv, entries, selected[r], sink[h], r, h, out, shares[r]);
            }
            double sum = Arrays.stream(shares[r]).sum();
            for (int i = 0; i < shares[r].length; i++) {
                shares[r][i] /= sum;
            }
        }
        return new Result(out, shares);
    }

    private void head(
            double[] q,
            double[] kv,
            double[] entries,
            int[] selected,
            double sink,
            int r,
            int h,
            double[] out,
            double[] share) {
        int query = (r * heads + h) * width;
        int oldest = Math.max(0, r - window + 1);
        int n = selected.length + r - oldest + 1;
        double[] scores = new double[n + 1];
        for (int j = 0; j < n; j++) {
            boolean compressed = j < selected.length;
            double[] rows = compressed ? entries : kv;
            int row = compressed ? selected[j] : oldest + j - selected.length;
            scores[j] = DoubleOps.dot(q, query, rows, row * width, width) / Math.sqrt(width);
        }
        scores[n] = sink;
        double total = DoubleOps.logSumExp(scores, 0, n + 1);
        for (int j = 0; j < n; j++) {
            boolean compressed = j < selected.length;
            double[] rows = compressed ? entries : kv;
            int row = compressed ? selected[j] : oldest + j - selected.length;
            double p = Math.exp(scores[j] - total);
            if (compressed) {
                share[j] += p;
            }
            for (int c = 0; c < width; c++) {
                out[query + c] += p * rows[row * width + c];
            }
        }
    }

    /// Every entry of `ratio` rows that is complete at each row.
    public static int[][] visible(int rows, int ratio) {
        int[][] visible = new int[rows][];
        for (int r = 0; r < rows; r++) {
            visible[r] = ratio == 0
                    ? new int[0]
                    : IntStream.range(0, (r + 1) / ratio).toArray();
        }
        return visible;
    }

    /// `score_i = sum_h w_h relu(<q_h, k_i>)` with `w_h` scaled by `(width * heads)^-1/2`, per row for the entries
    /// visible to it.
    ///
    /// @param q `[rows, heads * width]`
    /// @param w `[rows, heads]`, not yet scaled
    /// @param keys `[entries, width]`
    public static double[][] indexScores(double[] q, double[] w, double[] keys, int heads, int width) {
        int rows = w.length / heads;
        double[][] scores = new double[rows][];
        double scale = 1 / Math.sqrt((double) width * heads);
        for (int r = 0; r < rows; r++) {
            scores[r] = new double[(r + 1) / 4];
            for (int i = 0; i < scores[r].length; i++) {
                for (int h = 0; h < heads; h++) {
                    double s = DoubleOps.dot(q, (r * heads + h) * width, keys, i * width, width);
                    scores[r][i] += w[r * heads + h] * scale * Math.max(s, 0);
                }
            }
        }
        return scores;
    }

    /// Per row the indices of the `k` highest values, ascending; ties go to the lower index.
    static int[][] highest(double[][] values, int k) {
        return Arrays.stream(values)
                .map(row -> IntStream.range(0, row.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -row[i]))
                        .limit(k)
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray())
                .toArray(int[][]::new);
    }
}
