package ai.hadal.train.gradient;

import ai.hadal.backend.host.Arithmetic;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Gradients of sparse attention with sink for one sequence from its beginning, see
/// [ai.hadal.backend.Backend#attend].
///
/// ### Implementation note
/// Probabilities are computed again instead of kept. Queries go in blocks of [#BLOCK] positions with all their
/// heads, so that scores, gradients of probabilities, and the sums over them are products of matrices; what a row
/// may not see has the probability zero. The same block hands its probabilities over the compressed entries to the
/// indexer.
public final class AttentionGradient {

    /// Positions of a block.
    private static final int BLOCK = 16;

    /// Which compressed entries each position attends to.
    public interface Chosen {

        int count(int position);

        int index(int position, int i);
    }

    private final int heads;
    private final int width;
    private final float scale;
    private final int window;
    private final int ratio;
    private float[] p = {};
    private float[] g = {};

    /// @param ratio 0 where there are no compressed entries
    public AttentionGradient(int heads, int width, float scale, int window, int ratio) {
        this.heads = heads;
        this.width = width;
        this.scale = scale;
        this.window = window;
        this.ratio = ratio;
    }

    /// Adds to the gradients of queries, key-values, entries and sinks.
    ///
    /// @param q `[length, heads * width]` from `row` rows on, as are `out`, `dOut` and `dQ`
    /// @param kv `[length, width]` from `row` rows on, as is `dKv`
    /// @param entries `[n, width]`
    /// @param chosen null: all visible entries
    /// @param dSink where the gradient of the sinks begins in `gradients`
    public void sequence(
            int row,
            int length,
            float[] q,
            float[] kv,
            float[] entries,
            @Nullable Chosen chosen,
            @Nullable IndexerGradient indexer,
            float[] sink,
            float[] out,
            float[] dOut,
            float[] dQ,
            float[] dKv,
            float[] dEntries,
            float[] gradients,
            int dSink) {
        var raw = Columns.of(kv, row * width, length, width);
        var compressed = Columns.of(entries, 0, ratio == 0 ? 0 : length / ratio, width);
        int qWidth = heads * width;
        for (int first = 0; first < length; first += BLOCK) {
            int rows = Math.min(BLOCK, length - first);
            int end = first + rows;
            int visible = ratio == 0 ? 0 : end / ratio;
            int from = Math.max(0, first - window + 1);
            int entryColumns = Columns.padded(visible);
            int stride = entryColumns + Columns.padded(end - from);
            int r = rows * heads;
            int at = (row + first) * qWidth;
            room(r * stride);

            products(r, q, at, compressed, 0, entryColumns, p, 0, stride);
            products(r, q, at, raw, from, stride - entryColumns, p, entryColumns, stride);
            products(r, dOut, at, compressed, 0, entryColumns, g, 0, stride);
            products(r, dOut, at, raw, from, stride - entryColumns, g, entryColumns, stride);
            for (int i = 0; i < rows; i++) {
                int position = first + i;
                int seen = ratio == 0 ? 0 : (position + 1) / ratio;
                int low = Math.max(0, position - window + 1) - from;
                for (int h = 0; h < heads; h++) {
                    int line = (i * heads + h) * stride;
                    mask(line, seen, entryColumns, low, position - from + 1, stride, chosen, position);
                    softmax(line, stride, at + (i * heads + h) * width, sink[h], out, dOut, gradients, dSink + h);
                }
            }
            if (indexer != null && visible > 0) {
                indexer.block(first, rows, p, heads, stride, chosen);
            }
            // g now holds the gradients of the scores, p the probabilities.
            Gemm.add(r, width, visible, g, 0, stride, entries, 0, width, dQ, at, width);
            Gemm.add(r, width, end - from, g, entryColumns, stride, kv, (row + from) * width, width, dQ, at, width);
            Gemm.addTransposed(visible, width, r, g, 0, stride, q, at, width, dEntries, 0, width);
            Gemm.addTransposed(visible, width, r, p, 0, stride, dOut, at, width, dEntries, 0, width);
            int kvAt = (row + from) * width;
            Gemm.addTransposed(end - from, width, r, g, entryColumns, stride, q, at, width, dKv, kvAt, width);
            Gemm.addTransposed(end - from, width, r, p, entryColumns, stride, dOut, at, width, dKv, kvAt, width);
        }
    }

    private void room(int size) {
        if (p.length < size) {
            p = new float[size];
            g = new float[size];
        } else {
            Arrays.fill(p, 0, size, 0f);
            Arrays.fill(g, 0, size, 0f);
        }
    }

    private void products(
            int r, float[] x, int at, Columns columns, int from, int count, float[] to, int offset, int stride) {
        Gemm.add(r, count, width, x, at, width, columns.across(), from, columns.stride(), to, offset, stride);
    }

    /// Scores of what the row does not see become minus infinity.
    private void mask(
            int line,
            int seen,
            int entryColumns,
            int low,
            int high,
            int stride,
            @Nullable Chosen chosen,
            int position) {
        if (chosen == null) {
            Arrays.fill(p, line + seen, line + entryColumns, Float.NEGATIVE_INFINITY);
        } else {
            int next = 0;
            for (int i = 0; i < chosen.count(position); i++) {
                int e = chosen.index(position, i);
                Arrays.fill(p, line + next, line + e, Float.NEGATIVE_INFINITY);
                next = e + 1;
            }
            Arrays.fill(p, line + next, line + entryColumns, Float.NEGATIVE_INFINITY);
        }
        Arrays.fill(p, line + entryColumns, line + entryColumns + low, Float.NEGATIVE_INFINITY);
        Arrays.fill(p, line + entryColumns + high, line + stride, Float.NEGATIVE_INFINITY);
    }

    /// Scores to probabilities, and their gradients to those of the scores.
    private void softmax(
            int line, int stride, int at, float sink, float[] out, float[] dOut, float[] gradients, int dSink) {
        float max = Math.max(sink, Vectors.max(p, line, stride, Float.NEGATIVE_INFINITY) * scale);
        Vectors.exp(p, line, stride, scale, max);
        float atSink = Arithmetic.exp(sink - max);
        float inverse = 1f / (Vectors.sum(p, line, stride) + atSink);
        float along = Vectors.dot(out, at, dOut, at, width);
        for (int j = line; j < line + stride; j++) {
            p[j] *= inverse;
            g[j] = p[j] * (g[j] - along) * scale;
        }
        gradients[dSink] -= atSink * inverse * along;
    }
}
