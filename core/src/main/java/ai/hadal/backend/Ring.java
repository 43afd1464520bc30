package ai.hadal.backend;

/// The last rows of a stream, by absolute position: the row of position p lies in slot `p mod capacity`. A ring is a
/// value: [#fork] gives an independent copy (cheaply, where the backend can share until one of them is written).
public interface Ring {

    int capacity();

    int width();

    Ring fork();

    /// Copies the row at a position among the last [#capacity] appended ones to `target`.
    void read(long position, float[] target);

    /// Stores a row for a position.
    void write(long position, float[] source);
}
