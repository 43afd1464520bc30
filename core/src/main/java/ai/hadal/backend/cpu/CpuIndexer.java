package ai.hadal.backend.cpu;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.backend.host.HostSelection;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The lightning indexer: scores of all visible entries in parallel blocks, then the top k of each row. Rows are
/// taken in groups whose scores fit a fixed room, so that a long prompt at a long context needs no more memory.
final class CpuIndexer {

    /// Entries scored in one task.
    private static final int BLOCK = 512;

    /// Scores held at once.
    private static final int ROOM = 1 << 18;

    private final Team team;
    private float[] scores = {};

    CpuIndexer(Team team) {
        this.team = team;
    }

    HostSelection select(
            HostActivations q, HostActivations weights, int heads, float scale, int topK, List<AttentionSpan> spans) {
        var selection = HostSelection.of(q.rows(), topK, spans);
        for (var span : spans) {
            long last = span.position() + span.rows();
            int visible = (int) (last / 4);
            if (visible > 0) {
                int group = Math.clamp(ROOM / visible, 1, span.rows());
                for (int from = 0; from < span.rows(); from += group) {
                    rows(q, weights, heads, scale, span, from, Math.min(group, span.rows() - from), visible, selection);
                }
            }
        }
        return selection;
    }

    private void rows(
            HostActivations q,
            HostActivations weights,
            int heads,
            float scale,
            AttentionSpan span,
            int from,
            int rows,
            int stride,
            HostSelection selection) {
        if (scores.length < rows * stride) {
            scores = new float[rows * stride];
        }
        float[] s = scores;
        int blocks = (stride + BLOCK - 1) / BLOCK;
        team.run(rows * blocks, (long) Math.min(stride, BLOCK) * q.cols(), (task, scratch) -> {
            int i = task / blocks;
            int first = task % blocks * BLOCK;
            int end = Math.min(first + BLOCK, visible(span, from + i));
            score(q, weights, heads, scale, span, from + i, first, end, s, i * stride, scratch);
        });
        team.run(rows, 32L * stride, (i, scratch) -> {
            selection.select(span.row() + from + i, s, i * stride, visible(span, from + i));
        });
    }

    private static int visible(AttentionSpan span, int i) {
        return (int) ((span.position() + i + 1) / 4);
    }

    private static void score(
            HostActivations q,
            HostActivations weights,
            int heads,
            float scale,
            AttentionSpan span,
            int i,
            int first,
            int end,
            float[] scores,
            int to,
            Scratch scratch) {
        var keys = HostEntries.of(Objects.requireNonNull(span.compressed()));
        int row = span.row() + i;
        int width = q.cols() / heads;
        int query = row * q.cols();
        float[] lanes = new float[Dot.ROWS * Arithmetic.LANES];
        float[] tile = scratch.tile;
        for (int e = first; e < end; e += Dot.ROWS) {
            Arrays.fill(lanes, 0f);
            int valid = Math.min(Dot.ROWS, end - e);
            int e1 = e + Math.min(1, valid - 1);
            int e2 = e + Math.min(2, valid - 1);
            int e3 = e + Math.min(3, valid - 1);
            for (int h = 0; h < heads; h += Dot.COLS) {
                int last = heads - 1;
                Dot.tile(
                        keys.page(e),
                        keys.offset(e),
                        keys.page(e1),
                        keys.offset(e1),
                        keys.page(e2),
                        keys.offset(e2),
                        keys.page(e3),
                        keys.offset(e3),
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
                scores[to + e + r] = Arithmetic.addLanes(lanes, r * Arithmetic.LANES);
            }
        }
    }
}
