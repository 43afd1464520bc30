package ai.hadal.backend.host;

import ai.hadal.backend.Selection;
import java.util.Arrays;

/// Selected entries in one array of `topK` places a row.
public final class HostSelection implements Selection {

    private final int topK;
    private final int[] indices;
    private final int[] counts;

    public HostSelection(int rows, int topK) {
        this.topK = topK;
        this.indices = new int[Math.multiplyExact(rows, topK)];
        this.counts = new int[rows];
    }

    public int count(int row) {
        return counts[row];
    }

    /// The i-th selected entry of a row.
    public int index(int row, int i) {
        return indices[row * topK + i];
    }

    /// Selects the `topK` highest of `scores[0 .. n-1]` for a row, ties to the lower index, in ascending order.
    public void select(int row, float[] scores, int n) {
        counts[row] = TopK.ascending(scores, n, topK, indices, row * topK);
    }

    @Override
    public int[] read(int row) {
        return Arrays.copyOfRange(indices, row * topK, row * topK + counts[row]);
    }
}
