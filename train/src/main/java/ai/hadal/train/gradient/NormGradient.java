package ai.hadal.train.gradient;

import static ai.hadal.train.gradient.Vectors.dot;

import ai.hadal.backend.host.Arithmetic;
import org.jspecify.annotations.Nullable;

/// Gradients of norms by the root mean square.
public final class NormGradient {

    private NormGradient() {}

    /// Of `y[r] = weight * x[r] * s`, `s = 1 / sqrt(mean(x[r]^2) + eps)`: adds to `dx` and `dWeight`.
    ///
    /// @param parts rows times heads: how many vectors of width n there are
    /// @param weight `[n]`, null for a norm without
    /// @param dWeight where its gradient begins in `gradients`
    public static void rms(
            int parts,
            int n,
            float[] x,
            float @Nullable [] weight,
            float eps,
            float[] dy,
            float[] dx,
            float[] gradients,
            int dWeight) {
        float[] scaled = new float[n];
        for (int p = 0; p < parts; p++) {
            int at = p * n;
            float s = Arithmetic.inverseRms(dot(x, at, x, at, n), n, eps);
            if (weight == null) {
                System.arraycopy(dy, at, scaled, 0, n);
            } else {
                for (int i = 0; i < n; i++) {
                    scaled[i] = dy[at + i] * weight[i];
                }
                for (int i = 0; i < n; i++) {
                    gradients[dWeight + i] += dy[at + i] * (x[at + i] * s);
                }
            }
            float mean = dot(x, at, scaled, 0, n) / n * s * s;
            for (int i = 0; i < n; i++) {
                dx[at + i] += s * (scaled[i] - x[at + i] * mean);
            }
        }
    }
}
