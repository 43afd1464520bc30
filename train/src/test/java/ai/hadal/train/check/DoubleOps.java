package ai.hadal.train.check;

import ai.hadal.backend.RopeTable;

/// Matrix products, norms and rotations in double precision, as the equations have them. Activations are rows after
/// one another, row r of a document at position r; no argument is changed.
public final class DoubleOps {

    private DoubleOps() {}

    /// `y = x W^T`: w `[out, in]`, x `[rows, in]`, the result `[rows, out]`.
    public static double[] linear(double[] w, double[] x, int in) {
        return groupedLinear(w, 1, x, in);
    }

    /// Each of `groups` consecutive parts of a row times its own part of w: w `[groups * rank, in]`,
    /// x `[rows, groups * in]`, the result `[rows, groups * rank]`.
    public static double[] groupedLinear(double[] w, int groups, double[] x, int in) {
        int out = w.length / in;
        int rows = x.length / (groups * in);
        double[] y = new double[rows * out];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                int group = o / (out / groups);
                y[r * out + o] = dot(w, o * in, x, (r * groups + group) * in, in);
            }
        }
        return y;
    }

    static double dot(double[] a, int ao, double[] b, int bo, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += a[ao + i] * b[bo + i];
        }
        return sum;
    }

    /// `weight * x / sqrt(mean(x^2) + eps)` for every row of weight's length.
    public static double[] rmsNorm(double[] x, double[] weight, double eps) {
        double[] y = partNorm(x, weight.length, eps);
        for (int i = 0; i < y.length; i++) {
            y[i] *= weight[i % weight.length];
        }
        return y;
    }

    /// `x / sqrt(mean(x^2) + eps)` for every part of `width`: the norm without a weight.
    public static double[] partNorm(double[] x, int width, double eps) {
        double[] y = new double[x.length];
        for (int part = 0; part < x.length; part += width) {
            double scale = 1 / Math.sqrt(dot(x, part, x, part, width) / width + eps);
            for (int i = part; i < part + width; i++) {
                y[i] = x[i] * scale;
            }
        }
        return y;
    }

    /// Rotates the last `2 * pairs` components of each of a row's `heads` parts; row r is at position
    /// `r * stride`. The angles' cosines and sines are the table's floats.
    public static double[] rope(double[] x, int heads, int width, RopeTable table, int stride, boolean inverse) {
        int pairs = table.pairs();
        float[] cos = new float[pairs];
        float[] sin = new float[pairs];
        double[] y = x.clone();
        for (int part = 0; part < x.length / width; part++) {
            table.angles((long) (part / heads) * stride, cos, sin, 0);
            int start = (part + 1) * width - 2 * pairs;
            for (int i = 0; i < pairs; i++) {
                double s = inverse ? -sin[i] : sin[i];
                double a = x[start + 2 * i];
                double b = x[start + 2 * i + 1];
                y[start + 2 * i] = a * cos[i] - b * s;
                y[start + 2 * i + 1] = a * s + b * cos[i];
            }
        }
        return y;
    }

    /// A query's heads, each normed without a weight and rotated.
    public static double[] queryNormRope(double[] q, int heads, int width, double eps, RopeTable table) {
        return rope(partNorm(q, width, eps), heads, width, table, 1, false);
    }

    /// The shared key and value of every row: normed and rotated.
    public static double[] keyValue(double[] kv, double[] norm, double eps, RopeTable table) {
        return rope(rmsNorm(kv, norm, eps), 1, norm.length, table, 1, false);
    }

    /// The indexer's query: rotated by rope, then by [#hadamard].
    public static double[] indexQuery(double[] q, int heads, int width, RopeTable table) {
        return hadamard(rope(q, heads, width, table, 1, false), width);
    }

    /// `y_a = n^-1/2 sum_b (-1)^popcount(a AND b) x_b` for every part of n components.
    public static double[] hadamard(double[] x, int n) {
        double[] y = new double[x.length];
        double scale = 1 / Math.sqrt(n);
        for (int i = 0; i < x.length; i++) {
            int part = i - i % n;
            double sum = 0;
            for (int b = 0; b < n; b++) {
                sum += Integer.bitCount((i - part) & b) % 2 == 0 ? x[part + b] : -x[part + b];
            }
            y[i] = sum * scale;
        }
        return y;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /// `ln sum_i exp(x_i)` of n values.
    static double logSumExp(double[] x, int offset, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, x[offset + i]);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.exp(x[offset + i] - max);
        }
        return max + Math.log(sum);
    }
}
