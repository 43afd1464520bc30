package ai.hadal.backend;

/// A float matrix `[rows, cols]` that a backend owns; opaque to the model but for reading and writing whole rows.
public interface Activations {

    int rows();

    int cols();

    /// Sets the number of rows; contents are undefined afterwards unless the number stays the same.
    ///
    /// @return this
    Activations resize(int rows);

    /// The same values seen as `[rows, cols]`; valid until this is resized.
    Activations view(int rows, int cols);

    /// Copies row `row` to `target[offset ..]`.
    void read(int row, float[] target, int offset);

    /// Copies `source[offset ..]` to row `row`.
    void write(int row, float[] source, int offset);
}
