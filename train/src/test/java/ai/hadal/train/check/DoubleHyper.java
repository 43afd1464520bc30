package ai.hadal.train.check;

/// Hyper-connections of S residual streams.
///
/// @param fn `[(2+S)S, S*D]`, of a head `[S, S*D]`
/// @param base `[(2+S)S]`, of a head `[S]`
/// @param scale `[3]` for pre, post and comb, of a head `[1]`
/// @param normEps epsilon of the norm over all streams
public record DoubleHyper(
        double[] fn, double[] base, double[] scale, int streams, int iterations, double eps, double normEps) {

    /// @param x `[rows, D]`, what the sublayer reads
    /// @param post `[rows, S]`
    /// @param comb `[rows, S, S]`
    public record Pre(double[] x, double[] post, double[] comb) {}

    /// What enters a sublayer, and how its output and the streams X `[rows, S*D]` are joined afterwards.
    public Pre pre(double[] x) {
        int s = streams;
        double[] m = mixes(x);
        int n = base.length;
        int rows = m.length / n;
        double[] pre = new double[rows * s];
        double[] post = new double[rows * s];
        double[] comb = new double[rows * s * s];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < s; i++) {
                pre[r * s + i] = DoubleOps.sigmoid(m[r * n + i] * scale[0] + base[i]) + eps;
                post[r * s + i] = 2 * DoubleOps.sigmoid(m[r * n + s + i] * scale[1] + base[s + i]);
            }
            double[] c = new double[s * s];
            for (int i = 0; i < s * s; i++) {
                c[i] = m[r * n + 2 * s + i] * scale[2] + base[2 * s + i];
            }
            System.arraycopy(sinkhorn(c, s, iterations, eps), 0, comb, r * s * s, s * s);
        }
        return new Pre(sum(x, pre), post, comb);
    }

    /// The head's mean of the streams, `[rows, D]`.
    public double[] head(double[] x) {
        double[] m = mixes(x);
        for (int i = 0; i < m.length; i++) {
            m[i] = DoubleOps.sigmoid(m[i] * scale[0] + base[i % streams]) + eps;
        }
        return sum(x, m);
    }

    /// `fn z / sqrt(mean(z^2) + eps)` of all streams z of a row.
    private double[] mixes(double[] x) {
        int width = fn.length / base.length;
        return DoubleOps.linear(fn, DoubleOps.partNorm(x, width, normEps), width);
    }

    private double[] sum(double[] x, double[] weights) {
        int d = fn.length / base.length / streams;
        double[] y = new double[x.length / streams];
        for (int i = 0; i < x.length; i++) {
            int row = i / (streams * d);
            y[row * d + i % d] += weights[i / d] * x[i];
        }
        return y;
    }

    /// Softmax by rows plus eps, columns normalised, then `iterations - 1` passes over rows and columns.
    public static double[] sinkhorn(double[] logits, int s, int iterations, double eps) {
        double[] c = new double[s * s];
        for (int j = 0; j < s; j++) {
            double total = DoubleOps.logSumExp(logits, j * s, s);
            for (int k = 0; k < s; k++) {
                c[j * s + k] = Math.exp(logits[j * s + k] - total) + eps;
            }
        }
        divide(c, s, 1, s, eps);
        for (int t = 1; t < iterations; t++) {
            divide(c, s, s, 1, eps);
            divide(c, s, 1, s, eps);
        }
        return c;
    }

    /// Divides each line of s elements, `along` apart, by its sum plus eps.
    private static void divide(double[] c, int s, int across, int along, double eps) {
        for (int line = 0; line < s; line++) {
            double sum = eps;
            for (int i = 0; i < s; i++) {
                sum += c[line * across + i * along];
            }
            for (int i = 0; i < s; i++) {
                c[line * across + i * along] /= sum;
            }
        }
    }

    /// `X'_k = post_k y + sum_j comb_jk X_j`: y `[rows, D]`, x and the result `[rows, S*D]`.
    public static double[] post(double[] y, double[] x, double[] post, double[] comb, int s, int d) {
        double[] out = new double[x.length];
        for (int r = 0; r < y.length / d; r++) {
            for (int k = 0; k < s; k++) {
                for (int i = 0; i < d; i++) {
                    double sum = post[r * s + k] * y[r * d + i];
                    for (int j = 0; j < s; j++) {
                        sum += comb[(r * s + j) * s + k] * x[(r * s + j) * d + i];
                    }
                    out[(r * s + k) * d + i] = sum;
                }
            }
        }
        return out;
    }
}
