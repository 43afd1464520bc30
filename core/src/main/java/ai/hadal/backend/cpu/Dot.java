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
            if (whole < n) {
                var mask = F.indexInRange(k, n);
                sum = FloatVector.fromArray(F, a, ao + k, mask).fma(FloatVector.fromArray(F, b, bo + k, mask), sum);
            }
            sum.intoArray(lanes, pass);
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
            if (whole < n) {
                var mask = F.indexInRange(k, n);
                var v = FloatVector.fromArray(F, x, xo + k, mask);
                s0 = FloatVector.fromArray(F, a0, o0 + k, mask).fma(v, s0);
                s1 = FloatVector.fromArray(F, a1, o1 + k, mask).fma(v, s1);
                s2 = FloatVector.fromArray(F, a2, o2 + k, mask).fma(v, s2);
                s3 = FloatVector.fromArray(F, a3, o3 + k, mask).fma(v, s3);
            }
            s0.intoArray(lanes, pass);
            s1.intoArray(lanes, pass + REDUCTION);
            s2.intoArray(lanes, pass + 2 * REDUCTION);
            s3.intoArray(lanes, pass + 3 * REDUCTION);
        }
        for (int i = 0; i < ROWS; i++) {
            out[i] = Arithmetic.addLanes(lanes, i * REDUCTION);
        }
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
            if (whole < n) {
                var mask = F.indexInRange(k, n);
                var v0 = FloatVector.fromArray(F, x, x0 + k, mask);
                var v1 = FloatVector.fromArray(F, x, x1 + k, mask);
                var v2 = FloatVector.fromArray(F, x, x2 + k, mask);
                var v3 = FloatVector.fromArray(F, x, x3 + k, mask);
                var r = FloatVector.fromArray(F, a0, o0 + k, mask);
                s00 = r.fma(v0, s00);
                s01 = r.fma(v1, s01);
                s02 = r.fma(v2, s02);
                s03 = r.fma(v3, s03);
                r = FloatVector.fromArray(F, a1, o1 + k, mask);
                s10 = r.fma(v0, s10);
                s11 = r.fma(v1, s11);
                s12 = r.fma(v2, s12);
                s13 = r.fma(v3, s13);
                r = FloatVector.fromArray(F, a2, o2 + k, mask);
                s20 = r.fma(v0, s20);
                s21 = r.fma(v1, s21);
                s22 = r.fma(v2, s22);
                s23 = r.fma(v3, s23);
                r = FloatVector.fromArray(F, a3, o3 + k, mask);
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
        for (int i = 0; i < ROWS * COLS; i++) {
            out[i] = Arithmetic.addLanes(lanes, i * REDUCTION);
        }
    }
}
