package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.REDUCTION;

import jdk.incubator.vector.FloatVector;

/// Dot products of many weight rows with many vectors, with the outputs along the vector lanes and the sixteen sums
/// of a reduction one after the other: the bits of [Dot] at twice its speed where rows are short, since nothing is
/// added across lanes.
///
/// ### Implementation note
/// A panel holds [#ROWS] weight rows column by column. A pass sums the elements of lanes l and l+8 of the reduction
/// for four vectors at once: sixteen sums, which is what 512-bit machines keep in registers together with the loaded
/// weights. Eight passes give the eight sums at the leaves of the tree. Narrower machines have too few registers for
/// this and use [Dot]. The loop of a pass ends by `!=`, so that the compiler makes no pre- and post-loops: with eight
/// rounds they would cost as much as the work.
final class Panel {

    /// Weight rows of a panel.
    static final int ROWS = 32;

    /// Vectors multiplied at a time.
    static final int COLS = 4;

    /// Floats of the buffer between passes.
    static final int SUMS = 8 * COLS * ROWS;

    /// Vectors from which on packing a panel pays, in a JVM that has just started too: until compiled, one more kernel
    /// costs more than it saves on a short prompt.
    private static final int WORTH = 64;

    /// Elements of the longest row. A pass takes every eighth pair of lines of a panel, which is as fast as [Dot] only
    /// while the panel lies in the nearest caches.
    private static final int LONGEST = 512;

    private Panel() {}

    /// Whether panels serve a product of rows of this length with n vectors.
    static boolean serves(int cols, int n) {
        return L == REDUCTION && cols % REDUCTION == 0 && cols <= LONGEST && n >= WORTH;
    }

    /// Writes `valid` rows of `cols` elements as a panel, missing rows as zeros.
    static void pack(float[] rows, int offset, int valid, int cols, float[] panel, int to) {
        for (int k = 0; k < cols; k++) {
            for (int r = 0; r < ROWS; r++) {
                panel[to + k * ROWS + r] = r < valid ? rows[offset + r * cols + k] : 0f;
            }
        }
    }

    /// `out[32 * j + r] = row r . vector j` for the four vectors at x0 .. x3.
    static void tile(
            float[] panel, int at, float[] x, int x0, int x1, int x2, int x3, int n, float[] sums, float[] out) {
        for (int lane = 0; lane < 8; lane++) {
            pass(panel, at, x, x0, x1, x2, x3, n, lane, sums, lane * COLS * ROWS);
        }
        for (int i = 0; i < COLS * ROWS; i += L) {
            int step = COLS * ROWS;
            var s04 = FloatVector.fromArray(F, sums, i).add(FloatVector.fromArray(F, sums, i + 4 * step));
            var s26 = FloatVector.fromArray(F, sums, i + 2 * step).add(FloatVector.fromArray(F, sums, i + 6 * step));
            var s15 = FloatVector.fromArray(F, sums, i + step).add(FloatVector.fromArray(F, sums, i + 5 * step));
            var s37 = FloatVector.fromArray(F, sums, i + 3 * step).add(FloatVector.fromArray(F, sums, i + 7 * step));
            s04.add(s26).add(s15.add(s37)).intoArray(out, i);
        }
    }

    private static void pass(
            float[] panel, int at, float[] x, int x0, int x1, int x2, int x3, int n, int lane, float[] sums, int to) {
        var a00 = FloatVector.zero(F);
        var a01 = FloatVector.zero(F);
        var a10 = FloatVector.zero(F);
        var a11 = FloatVector.zero(F);
        var a20 = FloatVector.zero(F);
        var a21 = FloatVector.zero(F);
        var a30 = FloatVector.zero(F);
        var a31 = FloatVector.zero(F);
        var b00 = FloatVector.zero(F);
        var b01 = FloatVector.zero(F);
        var b10 = FloatVector.zero(F);
        var b11 = FloatVector.zero(F);
        var b20 = FloatVector.zero(F);
        var b21 = FloatVector.zero(F);
        var b30 = FloatVector.zero(F);
        var b31 = FloatVector.zero(F);
        for (int k = lane, end = lane + n; k != end; k += REDUCTION) {
            int p = at + k * ROWS;
            var v0 = FloatVector.fromArray(F, panel, p);
            var v1 = FloatVector.fromArray(F, panel, p + 16);
            var w0 = FloatVector.fromArray(F, panel, p + 8 * ROWS);
            var w1 = FloatVector.fromArray(F, panel, p + 8 * ROWS + 16);
            var r = FloatVector.broadcast(F, x[x0 + k]);
            a00 = r.fma(v0, a00);
            a01 = r.fma(v1, a01);
            r = FloatVector.broadcast(F, x[x0 + k + 8]);
            b00 = r.fma(w0, b00);
            b01 = r.fma(w1, b01);
            r = FloatVector.broadcast(F, x[x1 + k]);
            a10 = r.fma(v0, a10);
            a11 = r.fma(v1, a11);
            r = FloatVector.broadcast(F, x[x1 + k + 8]);
            b10 = r.fma(w0, b10);
            b11 = r.fma(w1, b11);
            r = FloatVector.broadcast(F, x[x2 + k]);
            a20 = r.fma(v0, a20);
            a21 = r.fma(v1, a21);
            r = FloatVector.broadcast(F, x[x2 + k + 8]);
            b20 = r.fma(w0, b20);
            b21 = r.fma(w1, b21);
            r = FloatVector.broadcast(F, x[x3 + k]);
            a30 = r.fma(v0, a30);
            a31 = r.fma(v1, a31);
            r = FloatVector.broadcast(F, x[x3 + k + 8]);
            b30 = r.fma(w0, b30);
            b31 = r.fma(w1, b31);
        }
        a00.add(b00).intoArray(sums, to);
        a01.add(b01).intoArray(sums, to + 16);
        a10.add(b10).intoArray(sums, to + 32);
        a11.add(b11).intoArray(sums, to + 48);
        a20.add(b20).intoArray(sums, to + 64);
        a21.add(b21).intoArray(sums, to + 80);
        a30.add(b30).intoArray(sums, to + 96);
        a31.add(b31).intoArray(sums, to + 112);
    }
}
