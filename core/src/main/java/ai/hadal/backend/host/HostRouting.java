package ai.hadal.backend.host;

import ai.hadal.backend.Routing;
import java.util.Arrays;

/// Experts and weights in arrays of k places a row.
public final class HostRouting implements Routing {

    private final int slots;
    private final int[] experts;
    private final float[] weights;

    public HostRouting(int slots, int[] experts, float[] weights) {
        this.slots = slots;
        this.experts = experts;
        this.weights = weights;
    }

    /// Scores `sqrt(softplus(logit))` of one row.
    private static float[] scores(float[] logits, int offset, int n) {
        float[] a = new float[n];
        for (int e = 0; e < n; e++) {
            a[e] = (float) Math.sqrt(Arithmetic.softplus(logits[offset + e]));
        }
        return a;
    }

    /// Routing by score and bias.
    public static HostRouting byScore(HostActivations logits, float[] bias, int k, float scale) {
        int rows = logits.rows();
        int[] experts = new int[rows * k];
        float[] weights = new float[rows * k];
        float[] key = new float[logits.cols()];
        for (int r = 0; r < rows; r++) {
            float[] a = scores(logits.data(), r * key.length, key.length);
            for (int e = 0; e < key.length; e++) {
                key[e] = a[e] + bias[e];
            }
            TopK.descending(key, k, experts, r * k);
            weigh(a, experts, r * k, k, scale, weights);
        }
        return new HostRouting(k, experts, weights);
    }

    /// Routing to given experts; the scores only weigh.
    public static HostRouting fixed(HostActivations logits, int[] experts, int k, float scale) {
        int rows = logits.rows();
        float[] weights = new float[rows * k];
        for (int r = 0; r < rows; r++) {
            float[] a = scores(logits.data(), r * logits.cols(), logits.cols());
            weigh(a, experts, r * k, k, scale, weights);
        }
        return new HostRouting(k, experts.clone(), weights);
    }

    private static void weigh(float[] a, int[] experts, int offset, int k, float scale, float[] weights) {
        float sum = 0f;
        for (int s = 0; s < k; s++) {
            sum += a[experts[offset + s]];
        }
        for (int s = 0; s < k; s++) {
            weights[offset + s] = scale * a[experts[offset + s]] / sum;
        }
    }

    @Override
    public int slots() {
        return slots;
    }

    /// Expert of a row's slot.
    public int expert(int row, int slot) {
        return experts[row * slots + slot];
    }

    public float weight(int row, int slot) {
        return weights[row * slots + slot];
    }

    @Override
    public int[] experts(int row) {
        return Arrays.copyOfRange(experts, row * slots, (row + 1) * slots);
    }

    @Override
    public float[] weights(int row) {
        return Arrays.copyOfRange(weights, row * slots, (row + 1) * slots);
    }
}
