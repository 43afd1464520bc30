package ai.hadal.train.gradient;

import ai.hadal.backend.host.Arithmetic;

/// Gradients of the router's weights and of the balance loss, see [ai.hadal.backend.Backend#route].
public final class RouterGradient {

    private RouterGradient() {}

    /// Of one row: `w_s = scale * a_s / sum over slots of a`, `a = sqrt(softplus(logit))`; adds to `dLogits`.
    ///
    /// @param experts the chosen experts, from `slotsAt` on; likewise the weights' gradients `dWeights`
    public static void weights(
            float[] logits, int at, int[] experts, int slotsAt, int k, float scale, float[] dWeights, float[] dLogits) {
        float[] a = new float[k];
        float sum = 0f;
        for (int s = 0; s < k; s++) {
            a[s] = score(logits[at + experts[slotsAt + s]]);
            sum += a[s];
        }
        float along = 0f;
        for (int s = 0; s < k; s++) {
            along += dWeights[slotsAt + s] * a[s] / sum;
        }
        for (int s = 0; s < k; s++) {
            int e = at + experts[slotsAt + s];
            dLogits[e] += scale / sum * (dWeights[slotsAt + s] - along) * slope(logits[e], a[s]);
        }
    }

    /// The balance loss of one sequence, `factor * E / (k T) * sum over e of f_e P_e`: f_e counts the rows sent to
    /// expert e, P_e is the mean of its share of the scores. Adds its gradient and returns it.
    ///
    /// @param logits `[rows, n]`, the sequence from `row` on
    public static double balance(
            float[] logits, int row, int length, int n, int[] experts, int k, float factor, float[] dLogits) {
        int[] counts = new int[n];
        for (int i = row * k; i < (row + length) * k; i++) {
            counts[experts[i]]++;
        }
        float unit = factor * n / (k * (float) length) / length;
        double loss = 0;
        float[] a = new float[n];
        for (int r = row; r < row + length; r++) {
            float sum = 0f;
            for (int e = 0; e < n; e++) {
                a[e] = score(logits[r * n + e]);
                sum += a[e];
            }
            float mean = 0f;
            for (int e = 0; e < n; e++) {
                mean += counts[e] * a[e] / sum;
            }
            for (int e = 0; e < n; e++) {
                dLogits[r * n + e] += unit / sum * (counts[e] - mean) * slope(logits[r * n + e], a[e]);
            }
            loss += unit * mean;
        }
        return loss;
    }

    private static float score(float logit) {
        return (float) Math.sqrt(Arithmetic.softplus(logit));
    }

    /// The derivative of the score.
    private static float slope(float logit, float score) {
        return Arithmetic.sigmoid(logit) / (2f * score);
    }
}
