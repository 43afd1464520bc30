package ai.hadal.backend.cpu;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.EntryLayout.Form;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.backend.host.HostSelection;
import ai.hadal.backend.natives.NativeIndex;
import java.util.List;
import java.util.Objects;

/// The lightning indexer: scores of all visible entries in parallel blocks, then the top k of each row. Rows are
/// taken in groups whose scores fit a fixed room, so that a long prompt at a long context needs no more memory.
final class CpuIndexer {

    /// Keys scored in one task.
    private static final int BLOCK = 512;

    /// Rows that a task scores its keys for.
    private static final int ROWS = 8;

    /// Scores held at once.
    private static final int ROOM = 1 << 18;

    private final Team team;
    private final Fp4Queries queries = new Fp4Queries();
    private float[] scores = {};

    CpuIndexer(Team team) {
        this.team = team;
    }

    HostSelection select(
            HostActivations q, HostActivations weights, int heads, float scale, int topK, List<AttentionSpan> spans) {
        var selection = HostSelection.of(q.rows(), topK, spans);
        if (selection.topK() == 0) {
            return selection;
        }
        var keys = keys(q, weights, heads, scale, spans);
        for (var span : spans) {
            int visible = KeyScores.visible(span, span.rows() - 1);
            if (visible > 0) {
                int stride = Math.ceilDiv(visible, HostEntries.BLOCK) * HostEntries.BLOCK;
                int group = Math.clamp(ROOM / stride, 1, span.rows());
                for (int from = 0; from < span.rows(); from += group) {
                    int rows = Math.min(group, span.rows() - from);
                    score(keys, span, from, rows, stride, (long) BLOCK * q.cols());
                    select(selection, span, from, rows, stride);
                }
            }
        }
        return selection;
    }

    private KeyScores keys(
            HostActivations q, HostActivations weights, int heads, float scale, List<AttentionSpan> spans) {
        var layout = Objects.requireNonNull(spans.getFirst().compressed()).layout();
        if (layout.form() != Form.FP4) {
            return new FloatKeys(q, weights, heads, scale);
        }
        var kernels = NativeIndex.instance();
        if (kernels != null && kernels.serves(layout.width(), heads)) {
            return new NativeKeys(kernels, queries.encode(q, weights, heads, scale, team));
        }
        queries.encode(q, heads, team);
        return new Fp4Keys(weights, heads, scale, queries);
    }

    private void score(KeyScores keys, AttentionSpan span, int from, int rows, int stride, long work) {
        if (scores.length < rows * stride) {
            scores = new float[rows * stride];
        }
        float[] s = scores;
        int blocks = Math.ceilDiv(stride, BLOCK);
        team.run(Math.ceilDiv(rows, ROWS) * blocks, work, (task, scratch) -> {
            int row = task / blocks * ROWS;
            int n = Math.min(ROWS, rows - row);
            int first = task % blocks * BLOCK;
            int end = Math.min(first + BLOCK, KeyScores.visible(span, from + row + n - 1));
            keys.score(span, from + row, n, first, end, s, row * stride, stride, scratch);
        });
    }

    private void select(HostSelection selection, AttentionSpan span, int from, int rows, int stride) {
        float[] s = scores;
        team.run(rows, 32L * stride, (i, scratch) -> {
            selection.select(span.row() + from + i, s, i * stride, KeyScores.visible(span, from + i));
        });
    }
}
