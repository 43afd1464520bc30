package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import jdk.incubator.vector.FloatVector;

/// Sums and products of rows, element by element. C2 makes no vectors of such loops by itself where they write one
/// array
/// and read another: the two might overlap.
final class Elementwise {

    private Elementwise() {}

    /// `y[i] = weight[i] * (x[i] * scale)`; x and y may be the same.
    static void scale(float[] x, int xo, float scale, float[] weight, float[] y, int yo, int n) {
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector.fromArray(F, weight, i)
                    .mul(FloatVector.fromArray(F, x, xo + i).mul(scale))
                    .intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = weight[i] * (x[xo + i] * scale);
        }
    }

    /// `y = sum over j of x[j]`, rows of n one after the other, in ascending j and starting at +0.
    static void sum(float[] x, int xo, int rows, float[] y, int yo, int n) {
        int i = 0;
        for (; i + L <= n; i += L) {
            var sum = FloatVector.zero(F);
            for (int at = xo + i, j = 0; j < rows; j++, at += n) {
                sum = sum.add(FloatVector.fromArray(F, x, at));
            }
            sum.intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            float sum = 0f;
            for (int at = xo + i, j = 0; j < rows; j++, at += n) {
                sum += x[at];
            }
            y[yo + i] = sum;
        }
    }

    /// Rows of `x`, one after the other, and the factor of each.
    ///
    /// @param factors that of row j is `factors[first + j * step]`
    record Combination(float[] x, int xo, int rows, float[] factors, int first, int step) {

        /// `y = sum over j of factor * x[j]` by fused multiply-add in ascending j, starting at +0.
        void to(float[] y, int yo, int n) {
            int i = 0;
            for (; i + L <= n; i += L) {
                add(FloatVector.zero(F), i, n).intoArray(y, yo + i);
            }
            for (; i < n; i++) {
                y[yo + i] = add(0f, i, n);
            }
        }

        /// `y = scale * z`, and on top of it the sum of [#to].
        void onTopOf(float scale, float[] z, int zo, float[] y, int yo, int n) {
            int i = 0;
            for (; i + L <= n; i += L) {
                add(FloatVector.fromArray(F, z, zo + i).mul(scale), i, n).intoArray(y, yo + i);
            }
            for (; i < n; i++) {
                y[yo + i] = add(scale * z[zo + i], i, n);
            }
        }

        private FloatVector add(FloatVector start, int i, int n) {
            var sum = start;
            for (int at = xo + i, j = 0; j < rows; j++, at += n) {
                sum = FloatVector.fromArray(F, x, at).fma(FloatVector.broadcast(F, factors[first + j * step]), sum);
            }
            return sum;
        }

        private float add(float start, int i, int n) {
            float sum = start;
            for (int at = xo + i, j = 0; j < rows; j++, at += n) {
                sum = Math.fma(x[at], factors[first + j * step], sum);
            }
            return sum;
        }
    }
}
