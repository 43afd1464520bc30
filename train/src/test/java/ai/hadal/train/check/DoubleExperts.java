package ai.hadal.train.check;

import java.util.List;

/// The router and the experts.
public final class DoubleExperts {

    /// One expert: w1 (gate) and w3 (up) `[F, D]`, w2 (down) `[D, F]`.
    public record Expert(double[] w1, double[] w2, double[] w3) {}

    private DoubleExperts() {}

    /// `a = sqrt(softplus(logit))`.
    public static double[] affinities(double[] logits) {
        double[] a = new double[logits.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = Math.sqrt(DoubleOps.softplus(logits[i]));
        }
        return a;
    }

    /// Per row the k experts with the highest affinity plus bias.
    public static int[][] choose(double[] affinities, double[] bias, int k) {
        double[][] keys = new double[affinities.length / bias.length][bias.length];
        for (int i = 0; i < affinities.length; i++) {
            keys[i / bias.length][i % bias.length] = affinities[i] + bias[i % bias.length];
        }
        return DoubleAttention.highest(keys, k);
    }

    /// The weights `[rows, k]` of the chosen experts: their affinities divided by their sum, times `scale`.
    public static double[] weights(double[] affinities, int[][] chosen, double scale) {
        int experts = affinities.length / chosen.length;
        int k = chosen[0].length;
        double[] weights = new double[chosen.length * k];
        for (int r = 0; r < chosen.length; r++) {
            double sum = 0;
            for (int e : chosen[r]) {
                sum += affinities[r * experts + e];
            }
            for (int s = 0; s < k; s++) {
                weights[r * k + s] = scale * affinities[r * experts + chosen[r][s]] / sum;
            }
        }
        return weights;
    }

    /// `(silu(min(gate, limit)) * clamp(up, -limit, limit)) * weight`; a limit of 0 clamps nothing.
    public static double swiglu(double gate, double up, double limit, double weight) {
        double g = limit > 0 ? Math.min(gate, limit) : gate;
        double u = limit > 0 ? Math.clamp(up, -limit, limit) : up;
        return g * DoubleOps.sigmoid(g) * u * weight;
    }

    /// The chosen experts' weighted outputs plus the shared expert's, `[rows, D]`.
    ///
    /// @param weights `[rows, k]`
    /// @param d the model width
    public static double[] mix(
            List<Expert> routed,
            double limit,
            Expert shared,
            double sharedLimit,
            double[] u,
            int[][] chosen,
            double[] weights,
            int d) {
        double[] y = new double[u.length];
        for (int r = 0; r < chosen.length; r++) {
            int k = chosen[r].length;
            for (int s = 0; s < k; s++) {
                add(routed.get(chosen[r][s]), limit, u, r, weights[r * k + s], d, y);
            }
            add(shared, sharedLimit, u, r, 1, d, y);
        }
        return y;
    }

    private static void add(Expert e, double limit, double[] u, int r, double weight, int d, double[] y) {
        int width = e.w1.length / d;
        double[] hidden = new double[width];
        for (int i = 0; i < width; i++) {
            double gate = DoubleOps.dot(e.w1, i * d, u, r * d, d);
            double up = DoubleOps.dot(e.w3, i * d, u, r * d, d);
            hidden[i] = swiglu(gate, up, limit, weight);
        }
        for (int i = 0; i < d; i++) {
            y[r * d + i] += DoubleOps.dot(e.w2, i * width, hidden, 0, width);
        }
    }
}
