package ai.hadal.train.check;

/// The terms of the loss for one row or one sequence.
public final class DoubleLosses {

    private DoubleLosses() {}

    /// `-ln softmax(logits)[target]` of row `row` of `[rows, v]`.
    public static double crossEntropy(double[] logits, int row, int v, int target) {
        return DoubleOps.logSumExp(logits, row * v, v) - logits[row * v + target];
    }

    /// `KL(p || softmax(scores))`.
    public static double divergence(double[] p, double[] scores) {
        double total = DoubleOps.logSumExp(scores, 0, scores.length);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] > 0) {
                sum += p[i] * (Math.log(p[i]) - (scores[i] - total));
            }
        }
        return sum;
    }

    /// The sequence-wise balance loss `E/(k T) sum_e f_e P_e` of affinities `[T, E]`: f counts the tokens routed to
    /// an expert, P is the mean of its share of the affinities.
    public static double balance(double[] affinities, int[][] chosen) {
        int rows = chosen.length;
        int experts = affinities.length / rows;
        double[] f = new double[experts];
        double[] p = new double[experts];
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int e = 0; e < experts; e++) {
                sum += affinities[r * experts + e];
            }
            for (int e = 0; e < experts; e++) {
                p[e] += affinities[r * experts + e] / sum / rows;
            }
            for (int e : chosen[r]) {
                f[e]++;
            }
        }
        return DoubleOps.dot(f, 0, p, 0, experts) * experts / ((double) chosen[0].length * rows);
    }
}
