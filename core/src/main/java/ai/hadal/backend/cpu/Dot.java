package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.REDUCTION;

import ai.hadal.backend.host.Arithmetic;
import jdk.incubator.vector.FloatVector;

/// Dot products in the 16-lane order, one or a tile of them at a time; a tile is many such products with shared
/// loads.
///
/// Rows are given as array and offset each, so that gathered attention entries need no copy. Accumulators go to a
/// lane buffer at the end of a pass; the lanes of product i lie at `16 * i`.
final class Dot {

    /// Rows of a tile.
    static final int ROWS = 4;

    /// Columns (tokens, heads) of a tile.
    static final int COLS = 4;

    private Dot() {}

    /// One product.
    static float one(float[] a, int ao, float[] b, int bo, int n, float[] lanes) {
        int whole = n & -REDUCTION;
        for (int pass = 0; pass < REDUCTION; pass += L) {
            var sum = FloatVector.zero(F);
            int k = pass;
            for (; k < whole; k += REDUCTION) {
                sum = FloatVector.fromArray(F, a, ao + k).fma(FloatVector.fromArray(F, b, bo + k), sum);
            }
            sum.intoArray(lanes, pass);
        }
        if (whole < n) {
            tail(a, ao, b, bo, whole, n, lanes, 0);
        }
        return Arithmetic.addLanes(lanes, 0);
    }

    /// Four rows times one column: `out[i] = row i . x`.
    static void rows4(
            float[] a0,
            int o0,
            float[] a1,
            int o1,
            float[] a2,
            int o2,
            float[] a3,
            int o3,
            float[] x,
            int xo,
            int n,
            float[] lanes,
            float[] out) {
        int whole = n & -REDUCTION;
        for (int pass = 0; pass < REDUCTION; pass += L) {
            var s0 = FloatVector.zero(F);
            var s1 = FloatVector.zero(F);
            var s2 = FloatVector.zero(F);
            var s3 = FloatVector.zero(F);
            int k = pass;
            for (; k < whole; k += REDUCTION) {
                var v = FloatVector.fromArray(F, x, xo + k);
                s0 = FloatVector.fromArray(F, a0, o0 + k).fma(v, s0);
                s1 = FloatVector.fromArray(F, a1, o1 + k).fma(v, s1);
                s2 = FloatVector.fromArray(F, a2, o2 + k).fma(v, s2);
                s3 = FloatVector.fromArray(F, a3, o3 + k).fma(v, s3);
            }
            s0.intoArray(lanes, pass);
            s1.intoArray(lanes, pass + REDUCTION);
            s2.intoArray(lanes, pass + 2 * REDUCTION);
            s3.intoArray(lanes, pass + 3 * REDUCTION);
        }
        if (whole < n) {
            tail(a0, o0, x, xo, whole, n, lanes, 0);
            tail(a1, o1, x, xo, whole, n, lanes, REDUCTION);
            tail(a2, o2, x, xo, whole, n, lanes, 2 * REDUCTION);
            tail(a3, o3, x, xo, whole, n, lanes, 3 * REDUCTION);
        }
        LaneSums.add(lanes, ROWS, out);
    }

    /// Four rows times four columns: `out[4*i + j] = row i . column j`.
    static void tile(
            float[] a0,
            int o0,
            float[] a1,
            int o1,
            float[] a2,
            int o2,
            float[] a3,
            int o3,
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            int n,
            float[] lanes,
            float[] out) {
        int whole = n & -REDUCTION;
        for (int pass = 0; pass < REDUCTION; pass += L) {
            var s00 = FloatVector.zero(F);
            var s01 = FloatVector.zero(F);
            var s02 = FloatVector.zero(F);
            var s03 = FloatVector.zero(F);
            var s10 = FloatVector.zero(F);
            var s11 = FloatVector.zero(F);
            var s12 = FloatVector.zero(F);
            var s13 = FloatVector.zero(F);
            var s20 = FloatVector.zero(F);
            var s21 = FloatVector.zero(F);
            var s22 = FloatVector.zero(F);
            var s23 = FloatVector.zero(F);
            var s30 = FloatVector.zero(F);
            var s31 = FloatVector.zero(F);
            var s32 = FloatVector.zero(F);
            var s33 = FloatVector.zero(F);
            int k = pass;
            for (; k < whole; k += REDUCTION) {
                var v0 = FloatVector.fromArray(F, x, x0 + k);
                var v1 = FloatVector.fromArray(F, x, x1 + k);
                var v2 = FloatVector.fromArray(F, x, x2 + k);
                var v3 = FloatVector.fromArray(F, x, x3 + k);
                var r = FloatVector.fromArray(F, a0, o0 + k);
                s00 = r.fma(v0, s00);
                s01 = r.fma(v1, s01);
                s02 = r.fma(v2, s02);
                s03 = r.fma(v3, s03);
                r = FloatVector.fromArray(F, a1, o1 + k);
                s10 = r.fma(v0, s10);
                s11 = r.fma(v1, s11);
                s12 = r.fma(v2, s12);
                s13 = r.fma(v3, s13);
                r = FloatVector.fromArray(F, a2, o2 + k);
                s20 = r.fma(v0, s20);
                s21 = r.fma(v1, s21);
                s22 = r.fma(v2, s22);
                s23 = r.fma(v3, s23);
                r = FloatVector.fromArray(F, a3, o3 + k);
                s30 = r.fma(v0, s30);
                s31 = r.fma(v1, s31);
                s32 = r.fma(v2, s32);
                s33 = r.fma(v3, s33);
            }
            s00.intoArray(lanes, pass);
            s01.intoArray(lanes, pass + REDUCTION);
            s02.intoArray(lanes, pass + 2 * REDUCTION);
            s03.intoArray(lanes, pass + 3 * REDUCTION);
            s10.intoArray(lanes, pass + 4 * REDUCTION);
            s11.intoArray(lanes, pass + 5 * REDUCTION);
            s12.intoArray(lanes, pass + 6 * REDUCTION);
            s13.intoArray(lanes, pass + 7 * REDUCTION);
            s20.intoArray(lanes, pass + 8 * REDUCTION);
            s21.intoArray(lanes, pass + 9 * REDUCTION);
            s22.intoArray(lanes, pass + 10 * REDUCTION);
            s23.intoArray(lanes, pass + 11 * REDUCTION);
            s30.intoArray(lanes, pass + 12 * REDUCTION);
            s31.intoArray(lanes, pass + 13 * REDUCTION);
            s32.intoArray(lanes, pass + 14 * REDUCTION);
            s33.intoArray(lanes, pass + 15 * REDUCTION);
        }
        if (whole < n) {
            tails(a0, o0, x, x0, x1, x2, x3, whole, n, lanes, 0);
            tails(a1, o1, x, x0, x1, x2, x3, whole, n, lanes, 4 * REDUCTION);
            tails(a2, o2, x, x0, x1, x2, x3, whole, n, lanes, 8 * REDUCTION);
            tails(a3, o3, x, x0, x1, x2, x3, whole, n, lanes, 12 * REDUCTION);
        }
        LaneSums.add(lanes, ROWS * COLS, out);
    }

    private static void tails(
            float[] a, int o, float[] x, int x0, int x1, int x2, int x3, int whole, int n, float[] lanes, int at) {
        tail(a, o, x, x0, whole, n, lanes, at);
        tail(a, o, x, x1, whole, n, lanes, at + REDUCTION);
        tail(a, o, x, x2, whole, n, lanes, at + 2 * REDUCTION);
        tail(a, o, x, x3, whole, n, lanes, at + 3 * REDUCTION);
    }

    /// The last, incomplete group of one product: missing elements count as zero.
    private static void tail(float[] a, int ao, float[] b, int bo, int whole, int n, float[] lanes, int at) {
        for (int l = 0; l < REDUCTION; l++) {
            boolean present = whole + l < n;
            lanes[at + l] = Math.fma(present ? a[ao + whole + l] : 0f, present ? b[bo + whole + l] : 0f, lanes[at + l]);
        }
    }
}
