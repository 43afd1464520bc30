package ai.hadal.train.gradient;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Products of float matrices for gradients: `C += A B`, where A may be read across.
///
/// ### Implementation note
/// A reduction over K is one chain of fused multiply-adds in ascending k, cut at multiples of [#DEPTH] whose sums
/// are added to C one after the other; so the bits depend on nothing but the operands, whatever the vector width. A
/// tile of four rows by four vectors keeps 16 sums in registers, loads four vectors and broadcasts four floats for
/// 16 multiply-adds. A stripe of B of [#DEPTH] rows and one tile's width stays in the first-level cache while all
/// rows of A pass over it.
public final class Gemm {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int L = F.length();
    private static final int ROWS = 4;
    private static final int WIDE = 4 * L;

    /// Steps of K that are summed before they are added to C.
    static final int DEPTH = 256;

    private Gemm() {}

    /// `c[m, n] += sum over k of a[m, k] * b[k, n]`, all row major.
    public static void add(
            int m, int n, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb, float[] c, int co, int ldc) {
        strided(m, n, k, a, ao, lda, 1, b, bo, ldb, c, co, ldc);
    }

    /// `c[m, n] += sum over k of a[k, m] * b[k, n]`: A is read across.
    public static void addTransposed(
            int m, int n, int k, float[] a, int ao, int lda, float[] b, int bo, int ldb, float[] c, int co, int ldc) {
        strided(m, n, k, a, ao, 1, lda, b, bo, ldb, c, co, ldc);
    }

    /// `c[m, m] += sum over k of a[k, i] * a[k, j]`, the Gram matrix of A's columns. It is symmetric: the upper
    /// triangle is computed and mirrored, which gives the bits that computing all would, since a product of two
    /// floats does not depend on their order. C must be symmetric before.
    public static void addGram(int m, int k, float[] a, float[] c) {
        for (int j = 0; j < m; j += WIDE) {
            int columns = Math.min(WIDE, m - j);
            strided(j + columns, columns, k, a, 0, 1, m, a, j, m, c, j, m);
        }
        mirror(m, c);
    }

    /// `c[m, m] += a a` for a symmetric matrix, likewise.
    public static void addSquare(int m, float[] a, float[] c) {
        for (int j = 0; j < m; j += WIDE) {
            int columns = Math.min(WIDE, m - j);
            strided(j + columns, columns, m, a, 0, m, 1, a, j, m, c, j, m);
        }
        mirror(m, c);
    }

    private static void mirror(int m, float[] c) {
        for (int row = WIDE; row < m; row++) {
            for (int col = 0; col < row / WIDE * WIDE; col++) {
                c[row * m + col] = c[col * m + row];
            }
        }
    }

    private static void strided(
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int down,
            int across,
            float[] b,
            int bo,
            int ldb,
            float[] c,
            int co,
            int ldc) {
        for (int k0 = 0; k0 < k; k0 += DEPTH) {
            int depth = Math.min(DEPTH, k - k0);
            int a0 = ao + k0 * across;
            int b0 = bo + k0 * ldb;
            int j = 0;
            for (; j + WIDE <= n; j += WIDE) {
                int i = 0;
                for (; i + ROWS <= m; i += ROWS) {
                    tile(depth, a, a0 + i * down, down, across, b, b0 + j, ldb, c, co + i * ldc + j, ldc);
                }
                for (; i < m; i++) {
                    row(depth, a, a0 + i * down, across, b, b0 + j, ldb, c, co + i * ldc + j);
                }
            }
            for (; j + L <= n; j += L) {
                int i = 0;
                for (; i + ROWS <= m; i += ROWS) {
                    narrow(depth, a, a0 + i * down, down, across, b, b0 + j, ldb, c, co + i * ldc + j, ldc);
                }
                for (; i < m; i++) {
                    vector(depth, a, a0 + i * down, across, b, b0 + j, ldb, c, co + i * ldc + j);
                }
            }
            for (; j < n; j++) {
                for (int i = 0; i < m; i++) {
                    float sum = 0f;
                    for (int kk = 0; kk < depth; kk++) {
                        sum = Math.fma(a[a0 + i * down + kk * across], b[b0 + kk * ldb + j], sum);
                    }
                    c[co + i * ldc + j] += sum;
                }
            }
        }
    }

    private static void tile(
            int depth,
            float[] a,
            int a0,
            int down,
            int across,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc) {
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
        for (int k = 0; k < depth; k++) {
            var v0 = FloatVector.fromArray(F, b, b0);
            var v1 = FloatVector.fromArray(F, b, b0 + L);
            var v2 = FloatVector.fromArray(F, b, b0 + 2 * L);
            var v3 = FloatVector.fromArray(F, b, b0 + 3 * L);
            var r = FloatVector.broadcast(F, a[a0]);
            s00 = r.fma(v0, s00);
            s01 = r.fma(v1, s01);
            s02 = r.fma(v2, s02);
            s03 = r.fma(v3, s03);
            r = FloatVector.broadcast(F, a[a0 + down]);
            s10 = r.fma(v0, s10);
            s11 = r.fma(v1, s11);
            s12 = r.fma(v2, s12);
            s13 = r.fma(v3, s13);
            r = FloatVector.broadcast(F, a[a0 + 2 * down]);
            s20 = r.fma(v0, s20);
            s21 = r.fma(v1, s21);
            s22 = r.fma(v2, s22);
            s23 = r.fma(v3, s23);
            r = FloatVector.broadcast(F, a[a0 + 3 * down]);
            s30 = r.fma(v0, s30);
            s31 = r.fma(v1, s31);
            s32 = r.fma(v2, s32);
            s33 = r.fma(v3, s33);
            a0 += across;
            b0 += ldb;
        }
        FloatVector.fromArray(F, c, c0).add(s00).intoArray(c, c0);
        FloatVector.fromArray(F, c, c0 + L).add(s01).intoArray(c, c0 + L);
        FloatVector.fromArray(F, c, c0 + 2 * L).add(s02).intoArray(c, c0 + 2 * L);
        FloatVector.fromArray(F, c, c0 + 3 * L).add(s03).intoArray(c, c0 + 3 * L);
        FloatVector.fromArray(F, c, c0 + ldc).add(s10).intoArray(c, c0 + ldc);
        FloatVector.fromArray(F, c, c0 + ldc + L).add(s11).intoArray(c, c0 + ldc + L);
        FloatVector.fromArray(F, c, c0 + ldc + 2 * L).add(s12).intoArray(c, c0 + ldc + 2 * L);
        FloatVector.fromArray(F, c, c0 + ldc + 3 * L).add(s13).intoArray(c, c0 + ldc + 3 * L);
        FloatVector.fromArray(F, c, c0 + 2 * ldc).add(s20).intoArray(c, c0 + 2 * ldc);
        FloatVector.fromArray(F, c, c0 + 2 * ldc + L).add(s21).intoArray(c, c0 + 2 * ldc + L);
        FloatVector.fromArray(F, c, c0 + 2 * ldc + 2 * L).add(s22).intoArray(c, c0 + 2 * ldc + 2 * L);
        FloatVector.fromArray(F, c, c0 + 2 * ldc + 3 * L).add(s23).intoArray(c, c0 + 2 * ldc + 3 * L);
        FloatVector.fromArray(F, c, c0 + 3 * ldc).add(s30).intoArray(c, c0 + 3 * ldc);
        FloatVector.fromArray(F, c, c0 + 3 * ldc + L).add(s31).intoArray(c, c0 + 3 * ldc + L);
        FloatVector.fromArray(F, c, c0 + 3 * ldc + 2 * L).add(s32).intoArray(c, c0 + 3 * ldc + 2 * L);
        FloatVector.fromArray(F, c, c0 + 3 * ldc + 3 * L).add(s33).intoArray(c, c0 + 3 * ldc + 3 * L);
    }

    private static void row(int depth, float[] a, int a0, int across, float[] b, int b0, int ldb, float[] c, int c0) {
        var s0 = FloatVector.zero(F);
        var s1 = FloatVector.zero(F);
        var s2 = FloatVector.zero(F);
        var s3 = FloatVector.zero(F);
        for (int k = 0; k < depth; k++) {
            var r = FloatVector.broadcast(F, a[a0]);
            s0 = r.fma(FloatVector.fromArray(F, b, b0), s0);
            s1 = r.fma(FloatVector.fromArray(F, b, b0 + L), s1);
            s2 = r.fma(FloatVector.fromArray(F, b, b0 + 2 * L), s2);
            s3 = r.fma(FloatVector.fromArray(F, b, b0 + 3 * L), s3);
            a0 += across;
            b0 += ldb;
        }
        FloatVector.fromArray(F, c, c0).add(s0).intoArray(c, c0);
        FloatVector.fromArray(F, c, c0 + L).add(s1).intoArray(c, c0 + L);
        FloatVector.fromArray(F, c, c0 + 2 * L).add(s2).intoArray(c, c0 + 2 * L);
        FloatVector.fromArray(F, c, c0 + 3 * L).add(s3).intoArray(c, c0 + 3 * L);
    }

    private static void narrow(
            int depth,
            float[] a,
            int a0,
            int down,
            int across,
            float[] b,
            int b0,
            int ldb,
            float[] c,
            int c0,
            int ldc) {
        var s0 = FloatVector.zero(F);
        var s1 = FloatVector.zero(F);
        var s2 = FloatVector.zero(F);
        var s3 = FloatVector.zero(F);
        for (int k = 0; k < depth; k++) {
            var v = FloatVector.fromArray(F, b, b0);
            s0 = FloatVector.broadcast(F, a[a0]).fma(v, s0);
            s1 = FloatVector.broadcast(F, a[a0 + down]).fma(v, s1);
            s2 = FloatVector.broadcast(F, a[a0 + 2 * down]).fma(v, s2);
            s3 = FloatVector.broadcast(F, a[a0 + 3 * down]).fma(v, s3);
            a0 += across;
            b0 += ldb;
        }
        FloatVector.fromArray(F, c, c0).add(s0).intoArray(c, c0);
        FloatVector.fromArray(F, c, c0 + ldc).add(s1).intoArray(c, c0 + ldc);
        FloatVector.fromArray(F, c, c0 + 2 * ldc).add(s2).intoArray(c, c0 + 2 * ldc);
        FloatVector.fromArray(F, c, c0 + 3 * ldc).add(s3).intoArray(c, c0 + 3 * ldc);
    }

    private static void vector(
            int depth, float[] a, int a0, int across, float[] b, int b0, int ldb, float[] c, int c0) {
        var s = FloatVector.zero(F);
        for (int k = 0; k < depth; k++) {
            s = FloatVector.broadcast(F, a[a0]).fma(FloatVector.fromArray(F, b, b0), s);
            a0 += across;
            b0 += ldb;
        }
        FloatVector.fromArray(F, c, c0).add(s).intoArray(c, c0);
    }
}
