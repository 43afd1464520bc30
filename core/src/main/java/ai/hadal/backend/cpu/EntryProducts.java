package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.backend.natives.NativeAttention.Gathered;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// The two products of attention over gathered entries, the twin of [ai.hadal.backend.natives.NativeAttention]. All
/// heads share keys and values, so four heads are scored against four entries at a time, and values are added for four
/// heads with one load of the entry. Entries are taken in blocks that stay in the second-level cache while all heads
/// read them.
record EntryProducts(Gathered entries, Scratch scratch) {

    /// Entries that the heads read in turn.
    private static final int BLOCK = 64;

    /// `p[h * n + e] = (q[at + h * width ..] . entry e) * scale`.
    void scores(float[] q, int at, int heads, float scale, float[] p) {
        int n = entries.n();
        for (int e = 0; e < n; e += BLOCK) {
            for (int h = 0; h < heads; h += Dot.COLS) {
                int valid = Math.min(Dot.COLS, heads - h);
                score(q, at + h * entries.width(), valid, e, Math.min(n, e + BLOCK), scale, p, h * n);
            }
        }
    }

    /// `out[at + h * width ..] = (sum over e of p[h * n + e] * entry e) * factors[h]`.
    void values(float[] p, float[] factors, int heads, float[] out, int at) {
        int n = entries.n();
        int width = entries.width();
        Arrays.fill(out, at, at + heads * width, 0f);
        for (int e = 0; e < n; e += BLOCK) {
            for (int h = 0; h < heads; h += Dot.COLS) {
                int valid = Math.min(Dot.COLS, heads - h);
                add(p, h * n, valid, e, Math.min(n, e + BLOCK), out, at + h * width);
            }
        }
        for (int h = 0; h < heads; h++) {
            for (int i = at + h * width; i < at + (h + 1) * width; i++) {
                out[i] *= factors[h];
            }
        }
    }

    /// Scores of the entries `first .. end-1` for up to four heads.
    private void score(float[] queries, int query, int heads, int first, int end, float scale, float[] p, int to) {
        float[] data = entries.data();
        int[] places = entries.places();
        int width = entries.width();
        int n = entries.n();
        int q1 = query + Math.min(1, heads - 1) * width;
        int q2 = query + Math.min(2, heads - 1) * width;
        int q3 = query + Math.min(3, heads - 1) * width;
        float[] out = scratch.tile;
        for (int e = first; e < end; e += Dot.ROWS) {
            int valid = Math.min(Dot.ROWS, end - e);
            int e1 = e + Math.min(1, valid - 1);
            int e2 = e + Math.min(2, valid - 1);
            int e3 = e + Math.min(3, valid - 1);
            Dot.tile(
                    data,
                    places[e],
                    data,
                    places[e1],
                    data,
                    places[e2],
                    data,
                    places[e3],
                    queries,
                    query,
                    q1,
                    q2,
                    q3,
                    width,
                    scratch.lanes,
                    out);
            for (int j = 0; j < heads; j++) {
                for (int r = 0; r < valid; r++) {
                    p[to + j * n + e + r] = out[r * Dot.COLS + j] * scale;
                }
            }
        }
    }

    /// Adds the values of the entries `first .. end-1` to the sums of up to four heads, two vectors of channels
    /// at a time.
    private void add(float[] p, int probabilities, int heads, int first, int end, float[] sums, int to) {
        float[] data = entries.data();
        int[] places = entries.places();
        int width = entries.width();
        int n = entries.n();
        int h1 = Math.min(1, heads - 1);
        int h2 = Math.min(2, heads - 1);
        int h3 = Math.min(3, heads - 1);
        int p1 = probabilities + h1 * n;
        int p2 = probabilities + h2 * n;
        int p3 = probabilities + h3 * n;
        int t1 = to + h1 * width;
        int t2 = to + h2 * width;
        int t3 = to + h3 * width;
        int c = 0;
        for (; c + 2 * L <= width; c += 2 * L) {
            var a0 = FloatVector.fromArray(F, sums, to + c);
            var a1 = FloatVector.fromArray(F, sums, t1 + c);
            var a2 = FloatVector.fromArray(F, sums, t2 + c);
            var a3 = FloatVector.fromArray(F, sums, t3 + c);
            var b0 = FloatVector.fromArray(F, sums, to + c + L);
            var b1 = FloatVector.fromArray(F, sums, t1 + c + L);
            var b2 = FloatVector.fromArray(F, sums, t2 + c + L);
            var b3 = FloatVector.fromArray(F, sums, t3 + c + L);
            for (int e = first; e < end; e++) {
                int at = places[e] + c;
                var a = FloatVector.fromArray(F, data, at);
                var b = FloatVector.fromArray(F, data, at + L);
                var w = FloatVector.broadcast(F, p[probabilities + e]);
                a0 = w.fma(a, a0);
                b0 = w.fma(b, b0);
                w = FloatVector.broadcast(F, p[p1 + e]);
                a1 = w.fma(a, a1);
                b1 = w.fma(b, b1);
                w = FloatVector.broadcast(F, p[p2 + e]);
                a2 = w.fma(a, a2);
                b2 = w.fma(b, b2);
                w = FloatVector.broadcast(F, p[p3 + e]);
                a3 = w.fma(a, a3);
                b3 = w.fma(b, b3);
            }
            a3.intoArray(sums, t3 + c);
            b3.intoArray(sums, t3 + c + L);
            a2.intoArray(sums, t2 + c);
            b2.intoArray(sums, t2 + c + L);
            a1.intoArray(sums, t1 + c);
            b1.intoArray(sums, t1 + c + L);
            a0.intoArray(sums, to + c);
            b0.intoArray(sums, to + c + L);
        }
        for (; c < width; c++) {
            for (int h = 0; h < heads; h++) {
                float sum = sums[to + h * width + c];
                for (int e = first; e < end; e++) {
                    sum = Math.fma(p[probabilities + h * n + e], data[places[e] + c], sum);
                }
                sums[to + h * width + c] = sum;
            }
        }
    }
}
