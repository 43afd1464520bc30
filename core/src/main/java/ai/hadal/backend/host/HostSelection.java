package ai.hadal.backend.host;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.Selection;
import java.util.Arrays;
import java.util.List;

/// Selected entries in one array of `topK` places for each row.
public final class HostSelection implements Selection {

    private final int topK;
    private final int[] indices;
    private final int[] counts;

    private HostSelection(int rows, int topK) {
        this.topK = topK;
        this.indices = new int[Math.multiplyExact(rows, topK)];
        this.counts = new int[rows];
    }

    /// Places for the rows of a step: no more for each than there are entries to select from.
    public static HostSelection of(int rows, int topK, List<AttentionSpan> spans) {
        int most = 0;
        for (var span : spans) {
            most = Math.max(
                    most, span.compressed() == null ? 0 : span.compressed().size());
        }
        return new HostSelection(rows, Math.min(topK, most));
    }

    /// The most that a row selects.
    public int topK() {
        return topK;
    }

    public int count(int row) {
        return counts[row];
    }

    /// The i-th selected entry of a row.
    public int index(int row, int i) {
        return indices[row * topK + i];
    }

    /// Selects the `topK` highest of `scores[first .. first+n-1]` for a row, ties to the lower index, in ascending
    /// order.
    public void select(int row, float[] scores, int first, int n) {
        counts[row] = TopK.ascending(scores, first, n, topK, indices, row * topK);
    }

    @Override
    public int[] read(int row) {
        return Arrays.copyOfRange(indices, row * topK, row * topK + counts[row]);
    }
}
