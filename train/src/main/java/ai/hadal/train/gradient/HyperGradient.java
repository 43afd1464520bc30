package ai.hadal.train.gradient;

import static ai.hadal.train.gradient.Vectors.F;
import static ai.hadal.train.gradient.Vectors.L;
import static ai.hadal.train.gradient.Vectors.dot;

import ai.hadal.backend.host.Arithmetic;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Gradients of manifold-constrained hyper-connections, see [ai.hadal.backend.Backend#hyperPre] and its siblings.
public final class HyperGradient {

    /// One connection's values.
    ///
    /// @param streams S
    /// @param width D
    /// @param fn `[(2+S)S, S*D]` (a head: `[S, S*D]`) from `fnAt` on
    /// @param dFn where the gradient of fn begins in `gradients`; likewise `dBase`, `dScale`
    public record Connection(
            int streams,
            int width,
            int iterations,
            float eps,
            float normEps,
            float[] fn,
            int fnAt,
            float[] base,
            float[] scale,
            float[] gradients,
            int dFn,
            int dBase,
            int dScale) {

        int mixes() {
            return base.length;
        }
    }

    private HyperGradient() {}

    /// Of hyperPost: `out_k = post_k * y + sum over j of comb_jk * z_j`. Sets `dY`, `dPost`, `dComb`; sets `dZ` to
    /// the part that comes through the streams.
    public static void post(
            int rows,
            int s,
            int d,
            float[] y,
            float[] z,
            float[] post,
            float[] comb,
            float[] dOut,
            float[] dY,
            float[] dPost,
            float[] dComb,
            float[] dZ) {
        for (int r = 0; r < rows; r++) {
            int row = r * s * d;
            Arrays.fill(dY, r * d, (r + 1) * d, 0f);
            Arrays.fill(dZ, row, row + s * d, 0f);
            for (int k = 0; k < s; k++) {
                int out = row + k * d;
                dPost[r * s + k] = dot(dOut, out, y, r * d, d);
                Vectors.addScaled(dY, r * d, post[r * s + k], dOut, out, d);
                for (int j = 0; j < s; j++) {
                    int c = (r * s + j) * s + k;
                    dComb[c] = dot(dOut, out, z, row + j * d, d);
                    Vectors.addScaled(dZ, row + j * d, comb[c], dOut, out, d);
                }
            }
        }
    }

    /// Of hyperPre: adds to `dZ`, and to the connection's gradients.
    ///
    /// @param products `fn z` of each row, not yet divided by the root mean square
    public static void pre(
            Connection hc,
            int rows,
            float[] z,
            float[] products,
            float[] dX,
            float[] dPost,
            float[] dComb,
            float[] dZ) {
        int s = hc.streams();
        int n = hc.mixes();
        float[] m = new float[rows * n];
        float[] inverse = mixes(hc, rows, z, products, m);
        float[] dM = new float[rows * n];
        for (int r = 0; r < rows; r++) {
            mixStreams(hc, r, n, m, z, dX, dM, dZ);
            for (int k = 0; k < s; k++) {
                int at = r * n + s + k;
                float sigma = Arithmetic.sigmoid(Math.fma(m[at], hc.scale[1], hc.base[s + k]));
                dM[at] = dPost[r * s + k] * 2f * sigma * (1f - sigma);
            }
        }
        sinkhorn(hc, rows, n, m, dComb, dM);
        parameters(hc, rows, n, m, dM);
        streams(hc, rows, n, z, products, inverse, dM, dZ);
    }

    /// Of hyperHead, likewise.
    public static void head(Connection hc, int rows, float[] z, float[] products, float[] dX, float[] dZ) {
        int n = hc.mixes();
        float[] m = new float[rows * n];
        float[] inverse = mixes(hc, rows, z, products, m);
        float[] dM = new float[rows * n];
        for (int r = 0; r < rows; r++) {
            mixStreams(hc, r, n, m, z, dX, dM, dZ);
        }
        parameters(hc, rows, n, m, dM);
        streams(hc, rows, n, z, products, inverse, dM, dZ);
    }

    /// `m = products / rms(z)`; returns the factor of each row.
    private static float[] mixes(Connection hc, int rows, float[] z, float[] products, float[] m) {
        int width = hc.streams * hc.width;
        int n = hc.mixes();
        float[] inverse = new float[rows];
        for (int r = 0; r < rows; r++) {
            inverse[r] = Arithmetic.inverseRms(dot(z, r * width, z, r * width, width), width, hc.normEps);
            for (int i = r * n; i < (r + 1) * n; i++) {
                m[i] = products[i] * inverse[r];
            }
        }
        return inverse;
    }

    /// Through `x = sum over s of (sigmoid(m_s * scale + base) + eps) * z_s`.
    private static void mixStreams(
            Connection hc, int r, int n, float[] m, float[] z, float[] dX, float[] dM, float[] dZ) {
        int d = hc.width;
        for (int k = 0; k < hc.streams; k++) {
            int at = r * n + k;
            int stream = (r * hc.streams + k) * d;
            float sigma = Arithmetic.sigmoid(Math.fma(m[at], hc.scale[0], hc.base[k]));
            dM[at] = dot(dX, r * d, z, stream, d) * sigma * (1f - sigma);
            Vectors.addScaled(dZ, stream, sigma + hc.eps, dX, r * d, d);
        }
    }

    /// From gradients of `m * scale + base` to those of base and scale; leaves those of m.
    private static void parameters(Connection hc, int rows, int n, float[] m, float[] dM) {
        int s = hc.streams;
        for (int i = 0; i < n; i++) {
            int group = i < s ? 0 : i < 2 * s ? 1 : 2;
            float base = 0f;
            float scale = 0f;
            for (int r = 0; r < rows; r++) {
                float g = dM[r * n + i];
                base += g;
                scale = Math.fma(g, m[r * n + i], scale);
                dM[r * n + i] = g * hc.scale[group];
            }
            hc.gradients[hc.dBase + i] += base;
            hc.gradients[hc.dScale + group] += scale;
        }
    }

    /// Through `m = fn z / rms(z)`.
    private static void streams(
            Connection hc, int rows, int n, float[] z, float[] products, float[] inverse, float[] dM, float[] dZ) {
        int width = hc.streams * hc.width;
        for (int r = 0; r < rows; r++) {
            float along = 0f;
            for (int i = r * n; i < (r + 1) * n; i++) {
                along = Math.fma(dM[i], products[i], along);
                dM[i] *= inverse[r];
            }
            float factor = -along * inverse[r] * inverse[r] * inverse[r] / width;
            Vectors.addScaled(dZ, r * width, factor, z, r * width, width);
        }
        Gemm.add(rows, width, n, dM, 0, n, hc.fn, hc.fnAt, width, dZ, 0, width);
        Gemm.addTransposed(n, width, rows, dM, 0, n, z, 0, width, hc.gradients, hc.dFn, width);
    }

    /// Through the Sinkhorn iterations, for as many rows at a time as a vector has lanes: from the gradients of the
    /// mixing matrices to those of their logits.
    ///
    /// Each division of a line by its sum keeps its results and divisors; going back, `d = (dy - sum(dy * y)) /
    /// divisor`.
    private static void sinkhorn(Connection hc, int rows, int n, float[] m, float[] dComb, float[] dM) {
        int s = hc.streams;
        int cells = s * s;
        int passes = 2 * hc.iterations - 1;
        float[] c = new float[cells * L];
        float[] softmax = new float[cells * L];
        float[] results = new float[passes * cells * L];
        float[] divisors = new float[passes * s * L];
        float[] g = new float[cells * L];
        for (int first = 0; first < rows; first += L) {
            int count = Math.min(L, rows - first);
            for (int i = 0; i < cells; i++) {
                for (int r = 0; r < L; r++) {
                    int row = Math.min(first + r, rows - 1);
                    c[i * L + r] = Math.fma(m[row * n + 2 * s + i], hc.scale[2], hc.base[2 * s + i]);
                    g[i * L + r] = dComb[row * cells + i];
                }
            }
            softmaxRows(c, s, hc.eps, softmax);
            for (int p = 0; p < passes; p++) {
                // The first pass is over columns, then rows and columns in turn.
                int along = p % 2 == 0 ? s : 1;
                divide(c, s, along, s + 1 - along, hc.eps, divisors, p * s * L);
                System.arraycopy(c, 0, results, p * cells * L, cells * L);
            }
            for (int p = passes - 1; p >= 0; p--) {
                int along = p % 2 == 0 ? s : 1;
                undivide(g, s, along, s + 1 - along, results, p * cells * L, divisors, p * s * L);
            }
            unsoftmaxRows(g, s, softmax);
            for (int i = 0; i < cells; i++) {
                for (int r = 0; r < count; r++) {
                    dM[(first + r) * n + 2 * s + i] = g[i * L + r];
                }
            }
        }
    }

    private static void softmaxRows(float[] c, int s, float eps, float[] softmax) {
        for (int row = 0; row < s; row++) {
            int at = row * s * L;
            var max = FloatVector.fromArray(F, c, at);
            for (int k = 1; k < s; k++) {
                max = max.max(FloatVector.fromArray(F, c, at + k * L));
            }
            var sum = FloatVector.zero(F);
            for (int k = 0; k < s; k++) {
                var e = Vectors.exp(FloatVector.fromArray(F, c, at + k * L).sub(max));
                e.intoArray(c, at + k * L);
                sum = sum.add(e);
            }
            for (int k = 0; k < s; k++) {
                var p = FloatVector.fromArray(F, c, at + k * L).div(sum);
                p.intoArray(softmax, at + k * L);
                p.add(eps).intoArray(c, at + k * L);
            }
        }
    }

    private static void unsoftmaxRows(float[] g, int s, float[] softmax) {
        for (int row = 0; row < s; row++) {
            int at = row * s * L;
            var along = FloatVector.zero(F);
            for (int k = 0; k < s; k++) {
                along = FloatVector.fromArray(F, g, at + k * L)
                        .fma(FloatVector.fromArray(F, softmax, at + k * L), along);
            }
            for (int k = 0; k < s; k++) {
                FloatVector.fromArray(F, g, at + k * L)
                        .sub(along)
                        .mul(FloatVector.fromArray(F, softmax, at + k * L))
                        .intoArray(g, at + k * L);
            }
        }
    }

    /// Divides each line (`s` cells, `along` apart; lines start `across` apart) by its sum plus eps.
    private static void divide(float[] c, int s, int along, int across, float eps, float[] divisors, int to) {
        for (int line = 0; line < s; line++) {
            int at = line * across * L;
            var sum = FloatVector.zero(F);
            for (int i = 0; i < s; i++) {
                sum = sum.add(FloatVector.fromArray(F, c, at + i * along * L));
            }
            var divisor = sum.add(eps);
            divisor.intoArray(divisors, to + line * L);
            for (int i = 0; i < s; i++) {
                FloatVector.fromArray(F, c, at + i * along * L).div(divisor).intoArray(c, at + i * along * L);
            }
        }
    }

    private static void undivide(
            float[] g, int s, int along, int across, float[] results, int from, float[] divisors, int by) {
        for (int line = 0; line < s; line++) {
            int at = line * across * L;
            var dotted = FloatVector.zero(F);
            for (int i = 0; i < s; i++) {
                dotted = FloatVector.fromArray(F, g, at + i * along * L)
                        .fma(FloatVector.fromArray(F, results, from + at + i * along * L), dotted);
            }
            var divisor = FloatVector.fromArray(F, divisors, by + line * L);
            for (int i = 0; i < s; i++) {
                FloatVector.fromArray(F, g, at + i * along * L)
                        .sub(dotted)
                        .div(divisor)
                        .intoArray(g, at + i * along * L);
            }
        }
    }
}
