package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.backend.cpu.GatheredEntries.Part;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostRing;
import ai.hadal.backend.host.HostSelection;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// Sparse attention with sink for a row and a group of heads. All heads share keys and values, so four heads are
/// scored against four entries at a time, and values are added for four heads with one load of the entry.
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

    /// Heads `first .. end-1` of row i of the part's span.
    void run(Part part, int i, int first, int end, Scratch scratch) {
        var span = part.span();
        int n = gather(part, i, scratch);
        float[] p = scratch.probabilities((end - first) * n);
        int width = kv.cols();
        int query = (span.row() + i) * q.cols();
        for (int h = first; h < end; h += Dot.COLS) {
            int heads = Math.min(Dot.COLS, end - h);
            score(query + h * width, heads, n, p, (h - first) * n, scratch);
            for (int j = 0; j < heads; j++) {
                float inverse = normalise(p, (h - first + j) * n, n, sink[h + j]);
                // The scale of a head's sum waits in the lane buffer until the values are added.
                scratch.tile[j] = inverse;
            }
            values(p, (h - first) * n, heads, n, query + h * width, scratch);
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

    private void score(int query, int heads, int n, float[] p, int to, Scratch scratch) {
        float[][] data = scratch.entryData(n);
        int[] offsets = scratch.entryOffsets();
        float[] queries = q.data();
        int width = kv.cols();
        int q1 = query + Math.min(1, heads - 1) * width;
        int q2 = query + Math.min(2, heads - 1) * width;
        int q3 = query + Math.min(3, heads - 1) * width;
        float[] out = scratch.tile;
        for (int e = 0; e < n; e += Dot.ROWS) {
            int valid = Math.min(Dot.ROWS, n - e);
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

    /// Adds the entries' values for up to four heads and scales the sums by the factors in the tile buffer.
    private void values(float[] p, int probabilities, int heads, int n, int to, Scratch scratch) {
        float[][] data = scratch.entryData(n);
        int[] offsets = scratch.entryOffsets();
        int width = kv.cols();
        int p1 = probabilities + Math.min(1, heads - 1) * n;
        int p2 = probabilities + Math.min(2, heads - 1) * n;
        int p3 = probabilities + Math.min(3, heads - 1) * n;
        float[] result = out.data();
        float[] inverse = scratch.tile;
        int c = 0;
        for (; c + L <= width; c += L) {
            var s0 = FloatVector.zero(F);
            var s1 = FloatVector.zero(F);
            var s2 = FloatVector.zero(F);
            var s3 = FloatVector.zero(F);
            for (int e = 0; e < n; e++) {
                var v = FloatVector.fromArray(F, data[e], offsets[e] + c);
                s0 = FloatVector.broadcast(F, p[probabilities + e]).fma(v, s0);
                s1 = FloatVector.broadcast(F, p[p1 + e]).fma(v, s1);
                s2 = FloatVector.broadcast(F, p[p2 + e]).fma(v, s2);
                s3 = FloatVector.broadcast(F, p[p3 + e]).fma(v, s3);
            }
            s0.mul(inverse[0]).intoArray(result, to + c);
            if (heads > 1) {
                s1.mul(inverse[1]).intoArray(result, to + width + c);
            }
            if (heads > 2) {
                s2.mul(inverse[2]).intoArray(result, to + 2 * width + c);
            }
            if (heads > 3) {
                s3.mul(inverse[3]).intoArray(result, to + 3 * width + c);
            }
        }
        for (; c < width; c++) {
            for (int h = 0; h < heads; h++) {
                float sum = 0f;
                for (int e = 0; e < n; e++) {
                    sum = Math.fma(p[probabilities + h * n + e], data[e][offsets[e] + c], sum);
                }
                result[to + h * width + c] = sum * inverse[h];
            }
        }
    }
}
