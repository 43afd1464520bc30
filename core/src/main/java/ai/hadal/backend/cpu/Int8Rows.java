package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.tensor.Int8;
import ai.hadal.tensor.IntegerRows;
import ai.hadal.tensor.Weight;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Products of integer groups in Java.
///
/// ### Implementation note
/// The integers are multiplied as floats, which is exact (sums stay below 2^24), so the lanes of a group may be added
/// in any order.
final class Int8Rows {

    private Int8Rows() {}

    /// As [Int8Products#run].
    static void run(Weight w, int first, int end, Int8Input x, int[] xo, float[] y, int[] yo, int n, Scratch scratch) {
        int cols = w.cols();
        int groups = x.groups();
        float[] rows = scratch.rows(Dot.ROWS * cols);
        float[] scales = scratch.probabilities((Dot.ROWS + Dot.ROWS) * groups);
        int dots = Dot.ROWS * groups;
        var minima = IntegerRows.hasMinima(w.format()) ? new Int8Minima(w, x, xo, n, scratch) : null;
        for (int row = first; row < end; row += Dot.ROWS) {
            int valid = Math.min(Dot.ROWS, end - row);
            for (int i = 0; i < Dot.ROWS; i++) {
                int stored = row + Math.min(i, valid - 1);
                CodeDecoder.decode(w, stored, rows, i * cols);
                for (int g = 0; g < groups; g++) {
                    scales[i * groups + g] = IntegerRows.scale(w, stored, g);
                }
                if (minima != null) {
                    minima.take(i, stored);
                }
            }
            for (int t = 0; t < n; t++) {
                four(rows, cols, x.codes(), xo[t], groups, scales, dots);
                for (int i = 0; i < valid; i++) {
                    int input = xo[t] / Int8.GROUP;
                    y[yo[t] + row + i] = minima == null
                            ? sum(scales, dots + i * groups, i * groups, x.scales(), input, groups)
                            : minima.sum(scales, dots + i * groups, i * groups, x.scales(), input, i, t);
                }
            }
        }
    }

    /// The integer dot products of four rows' groups: `dots[to + i * groups + g]`.
    private static void four(float[] rows, int cols, float[] x, int xo, int groups, float[] dots, int to) {
        for (int g = 0; g < groups; g++) {
            var s0 = FloatVector.zero(F);
            var s1 = FloatVector.zero(F);
            var s2 = FloatVector.zero(F);
            var s3 = FloatVector.zero(F);
            for (int k = g * Int8.GROUP; k < (g + 1) * Int8.GROUP; k += L) {
                var v = FloatVector.fromArray(F, x, xo + k);
                s0 = FloatVector.fromArray(F, rows, k).fma(v, s0);
                s1 = FloatVector.fromArray(F, rows, cols + k).fma(v, s1);
                s2 = FloatVector.fromArray(F, rows, 2 * cols + k).fma(v, s2);
                s3 = FloatVector.fromArray(F, rows, 3 * cols + k).fma(v, s3);
            }
            dots[to + g] = s0.reduceLanes(VectorOperators.ADD);
            dots[to + groups + g] = s1.reduceLanes(VectorOperators.ADD);
            dots[to + 2 * groups + g] = s2.reduceLanes(VectorOperators.ADD);
            dots[to + 3 * groups + g] = s3.reduceLanes(VectorOperators.ADD);
        }
    }

    /// Four sums of dot products times scales.
    private static float sum(float[] weights, int dots, int scales, float[] inputScales, int input, int groups) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        int g = 0;
        for (; g + 4 <= groups; g += 4) {
            s0 = Math.fma(weights[dots + g], weights[scales + g] * inputScales[input + g], s0);
            s1 = Math.fma(weights[dots + g + 1], weights[scales + g + 1] * inputScales[input + g + 1], s1);
            s2 = Math.fma(weights[dots + g + 2], weights[scales + g + 2] * inputScales[input + g + 2], s2);
            s3 = Math.fma(weights[dots + g + 3], weights[scales + g + 3] * inputScales[input + g + 3], s3);
        }
        if (g < groups) {
            s0 = Math.fma(weights[dots + g], weights[scales + g] * inputScales[input + g], s0);
        }
        if (g + 1 < groups) {
            s1 = Math.fma(weights[dots + g + 1], weights[scales + g + 1] * inputScales[input + g + 1], s1);
        }
        if (g + 2 < groups) {
            s2 = Math.fma(weights[dots + g + 2], weights[scales + g + 2] * inputScales[input + g + 2], s2);
        }
        return (s0 + s2) + (s1 + s3);
    }
}
