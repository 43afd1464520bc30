package ai.hadal.backend.cpu;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostEntries;
import java.util.Arrays;
import java.util.Objects;

/// Keys kept as floats, four of them times four heads at a time.
record FloatKeys(HostActivations q, HostActivations weights, int heads, float scale) implements KeyScores {

    @Override
    public void score(
            AttentionSpan span,
            int from,
            int rows,
            int first,
            int end,
            float[] scores,
            int to,
            int stride,
            Scratch scratch) {
        var keys = HostEntries.of(Objects.requireNonNull(span.compressed()));
        int width = q.cols() / heads;
        float[] values = scratch.rows(Dot.ROWS * width);
        for (int e = first; e < end; e += Dot.ROWS) {
            int valid = Math.min(Dot.ROWS, end - e);
            for (int r = 0; r < valid; r++) {
                EntryDecoder.decode(keys, e + r, values, r * width);
            }
            for (int i = 0; i < rows; i++) {
                if (e < KeyScores.visible(span, from + i)) {
                    four(span.row() + from + i, values, width, valid, scores, to + i * stride + e, scratch);
                }
            }
        }
    }

    private void four(int row, float[] keys, int width, int valid, float[] scores, int to, Scratch scratch) {
        float[] lanes = scratch.headLanes;
        Arrays.fill(lanes, 0f);
        float[] tile = scratch.tile;
        int query = row * q.cols();
        int k1 = Math.min(1, valid - 1) * width;
        int k2 = Math.min(2, valid - 1) * width;
        int k3 = Math.min(3, valid - 1) * width;
        for (int h = 0; h < heads; h += Dot.COLS) {
            int last = heads - 1;
            Dot.tile(
                    keys,
                    0,
                    keys,
                    k1,
                    keys,
                    k2,
                    keys,
                    k3,
                    q.data(),
                    query + h * width,
                    query + Math.min(h + 1, last) * width,
                    query + Math.min(h + 2, last) * width,
                    query + Math.min(h + 3, last) * width,
                    width,
                    scratch.lanes,
                    tile);
            for (int j = 0; j < Math.min(Dot.COLS, heads - h); j++) {
                float weight = weights.data()[row * heads + h + j] * scale;
                int lane = (h + j) % Arithmetic.LANES;
                for (int r = 0; r < valid; r++) {
                    int at = r * Arithmetic.LANES + lane;
                    lanes[at] = Math.fma(weight, Math.max(tile[r * Dot.COLS + j], 0f), lanes[at]);
                }
            }
        }
        for (int r = 0; r < valid; r++) {
            scores[to + r] = Arithmetic.addLanes(lanes, r * Arithmetic.LANES);
        }
    }
}
