package ai.hadal.backend;

/// Cosines and sines for the rows of a step, `[rows, pairs]` each; computed once a step and used by every block.
public final class RopeAngles {

    private final RopeTable table;
    private float[] cos = {};
    private float[] sin = {};

    public RopeAngles(RopeTable table) {
        this.table = table;
    }

    /// Fills the angles of all rows.
    public void fill(long[] positions, int rows) {
        int pairs = table.pairs();
        if (cos.length < rows * pairs) {
            cos = new float[rows * pairs];
            sin = new float[rows * pairs];
        }
        for (int r = 0; r < rows; r++) {
            table.angles(positions[r], cos, sin, r * pairs);
        }
    }

    public RopeTable table() {
        return table;
    }

    /// Cosines, row r at `r * pairs`.
    public float[] cos() {
        return cos;
    }

    /// Sines, row r at `r * pairs`.
    public float[] sin() {
        return sin;
    }
}
