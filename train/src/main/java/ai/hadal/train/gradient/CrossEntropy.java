package ai.hadal.train.gradient;

/// The loss of next-token prediction.
public final class CrossEntropy {

    private CrossEntropy() {}

    /// Replaces each row of logits by the gradient of `factor * -log softmax(logits)[target]`; returns the sum of
    /// the losses without the factor, in nats.
    ///
    /// @param logits `[rows, n]`
    public static double gradient(float[] logits, int rows, int n, int[] targets, int first, float factor) {
        double loss = 0;
        for (int r = 0; r < rows; r++) {
            int at = r * n;
            int target = at + targets[first + r];
            float max = Vectors.max(logits, at, n, Float.NEGATIVE_INFINITY);
            float chosen = logits[target] - max;
            Vectors.exp(logits, at, n, 1f, max);
            float sum = Vectors.sum(logits, at, n);
            loss += Math.log(sum) - chosen;
            float unit = factor / sum;
            for (int i = at; i < at + n; i++) {
                logits[i] *= unit;
            }
            logits[target] -= factor;
        }
        return loss;
    }
}
