package ai.hadal.backend.host;

import ai.hadal.backend.RopeAngles;

/// Operations on one row that cost too little to have a vector twin: rope, Hadamard rotation, Sinkhorn.
public final class RowMath {

    private RowMath() {}

    /// Rotates the last `2 * pairs` components of the part that ends before `end`: components (2i, 2i+1) form pair
    /// i.
    public static void rope(float[] x, int end, float[] cos, float[] sin, int angles, int pairs, boolean inverse) {
        int start = end - 2 * pairs;
        for (int i = 0; i < pairs; i++) {
            float c = cos[angles + i];
            float s = inverse ? -sin[angles + i] : sin[angles + i];
            float a = x[start + 2 * i];
            float b = x[start + 2 * i + 1];
            x[start + 2 * i] = a * c - b * s;
            x[start + 2 * i + 1] = a * s + b * c;
        }
    }

    /// [#rope] on each of `heads` equal parts of row `row`.
    public static void ropeHeads(float[] x, int row, int cols, int heads, RopeAngles rope, boolean inverse) {
        int width = cols / heads;
        int pairs = rope.table().pairs();
        for (int h = 0; h < heads; h++) {
            rope(x, row * cols + (h + 1) * width, rope.cos(), rope.sin(), row * pairs, pairs, inverse);
        }
    }

    /// Orthonormal Walsh-Hadamard rotation (natural order) of n components, n a power of two.
    public static void hadamard(float[] x, int offset, int n) {
        for (int step = 1; step < n; step *= 2) {
            for (int base = 0; base < n; base += 2 * step) {
                for (int i = offset + base; i < offset + base + step; i++) {
                    float a = x[i];
                    float b = x[i + step];
                    x[i] = a + b;
                    x[i + step] = a - b;
                }
            }
        }
        float scale = (float) (1.0 / Math.sqrt(n));
        for (int i = offset; i < offset + n; i++) {
            x[i] *= scale;
        }
    }

    /// Turns the mixing logits `c[offset ..]`, `[s, s]` row major, into a near doubly stochastic matrix: softmax by
    /// rows plus eps, columns normalised, then `iterations - 1` passes over rows and columns.
    public static void sinkhorn(float[] c, int offset, int s, int iterations, float eps) {
        for (int j = 0; j < s; j++) {
            int row = offset + j * s;
            float max = c[row];
            for (int k = 1; k < s; k++) {
                max = Math.max(max, c[row + k]);
            }
            float sum = 0f;
            for (int k = 0; k < s; k++) {
                c[row + k] = Arithmetic.exp(c[row + k] - max);
                sum += c[row + k];
            }
            for (int k = 0; k < s; k++) {
                c[row + k] = c[row + k] / sum + eps;
            }
        }
        normalise(c, offset, s, s, 1, eps);
        for (int t = 1; t < iterations; t++) {
            normalise(c, offset, s, 1, s, eps);
            normalise(c, offset, s, s, 1, eps);
        }
    }

    /// Divides each line of s elements (`along` apart) by its sum plus eps; lines start `across` apart.
    private static void normalise(float[] c, int offset, int s, int along, int across, float eps) {
        for (int line = 0; line < s; line++) {
            int first = offset + line * across;
            float sum = 0f;
            for (int i = 0; i < s; i++) {
                sum += c[first + i * along];
            }
            float divisor = sum + eps;
            for (int i = 0; i < s; i++) {
                c[first + i * along] /= divisor;
            }
        }
    }
}
