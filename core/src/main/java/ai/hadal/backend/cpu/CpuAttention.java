package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.backend.cpu.GatheredEntries.Part;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostRing;
import ai.hadal.backend.host.HostSelection;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Sparse attention with sink for a row and a group of heads. All heads share keys and values, so four heads are
/// scored against four entries at a time, and values are added for four heads with one load of the entry. Entries are
/// taken in blocks that stay in the second-level cache while all heads read them.
///
/// @param compressed the entries of [GatheredEntries]
record CpuAttention(
        HostActivations q,
        HostActivations kv,
        HostActivations out,
        float[] sink,
        float scale,
        int window,
        int ratio,
        @Nullable HostSelection selection,
        float[] compressed) {

    /// Entries that the heads read in turn.
    private static final int BLOCK = 64;

    /// Heads `first .. end-1` of row i of the part's span.
    void run(Part part, int i, int first, int end, Scratch scratch) {
        var span = part.span();
        int n = gather(part, i, scratch);
        float[] p = scratch.probabilities((end - first) * n);
        float[] inverses = scratch.inverses(end - first);
        int width = kv.cols();
        int query = (span.row() + i) * q.cols();
        for (int e = 0; e < n; e += BLOCK) {
            for (int h = first; h < end; h += Dot.COLS) {
                int heads = Math.min(Dot.COLS, end - h);
                score(query + h * width, heads, e, Math.min(n, e + BLOCK), n, p, (h - first) * n, scratch);
            }
        }
        for (int h = first; h < end; h++) {
            inverses[h - first] = normalise(p, (h - first) * n, n, sink[h]);
        }
        Arrays.fill(out.data(), query + first * width, query + end * width, 0f);
        for (int e = 0; e < n; e += BLOCK) {
            for (int h = first; h < end; h += Dot.COLS) {
                int heads = Math.min(Dot.COLS, end - h);
                values(p, (h - first) * n, heads, e, Math.min(n, e + BLOCK), n, query + h * width, scratch);
            }
        }
        for (int h = first; h < end; h++) {
            scale(query + h * width, width, inverses[h - first]);
        }
    }

    /// Lists the arrays and offsets of the entries that the row attends to, in order, and returns their number.
    private int gather(Part part, int i, Scratch scratch) {
        var span = part.span();
        long position = span.position() + i;
        int row = span.row() + i;
        int chosen = 0;
        if (span.compressed() != null) {
            chosen = selection == null ? (int) ((position + 1) / ratio) : selection.count(row);
        }
        long oldest = Math.max(0, position - window + 1);
        int n = chosen + (int) (position - oldest + 1);
        float[][] data = scratch.entryData(n);
        int[] offsets = scratch.entryOffsets();
        for (int s = 0; s < chosen; s++) {
            data[s] = compressed;
            offsets[s] = GatheredEntries.place(part, row, s, selection) * kv.cols();
        }
        var ring = HostRing.of(span.window());
        for (int s = chosen; s < n; s++) {
            long p = oldest + (s - chosen);
            boolean past = p < span.position();
            data[s] = past ? ring.data() : kv.data();
            offsets[s] = past ? ring.offset(p) : (span.row() + (int) (p - span.position())) * kv.cols();
        }
        return n;
    }

    /// Scores of the entries `first .. end-1` of `n` for up to four heads.
    private void score(int query, int heads, int first, int end, int n, float[] p, int to, Scratch scratch) {
        float[][] data = scratch.entryData(n);
        int[] offsets = scratch.entryOffsets();
        float[] queries = q.data();
        int width = kv.cols();
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
                    data[e],
                    offsets[e],
                    data[e1],
                    offsets[e1],
                    data[e2],
                    offsets[e2],
                    data[e3],
                    offsets[e3],
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

    /// Scores to unnormalised probabilities; returns what the summed values are multiplied with.
    private static float normalise(float[] p, int offset, int n, float sink) {
        float max = sink;
        for (int j = offset; j < offset + n; j++) {
            max = Math.max(max, p[j]);
        }
        Exponential.shifted(p, offset, n, max);
        return 1f / (Arithmetic.sum(p, offset, n) + Arithmetic.exp(sink - max));
    }

    /// Adds the values of the entries `first .. end-1` of `n` to the sums of up to four heads, two vectors of channels
    /// at a time.
    private void values(float[] p, int probabilities, int heads, int first, int end, int n, int to, Scratch scratch) {
        float[][] data = scratch.entryData(n);
        int[] offsets = scratch.entryOffsets();
        int width = kv.cols();
        float[] sums = out.data();
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
                float[] entry = data[e];
                int at = offsets[e] + c;
                var a = FloatVector.fromArray(F, entry, at);
                var b = FloatVector.fromArray(F, entry, at + L);
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
                    sum = Math.fma(p[probabilities + h * n + e], data[e][offsets[e] + c], sum);
                }
                sums[to + h * width + c] = sum;
            }
        }
    }

    private void scale(int at, int width, float factor) {
        float[] x = out.data();
        for (int i = at; i < at + width; i++) {
            x[i] *= factor;
        }
    }
}
