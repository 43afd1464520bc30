package ai.hadal.backend;

/// An append-only list of compressed rows. A value like [Ring]: forks share what neither changes.
public interface Entries {

    int width();

    int size();

    /// Drops all entries from `size` on.
    void truncate(int size);

    Entries fork();

    /// Copies entry `index` to `target`.
    void read(int index, float[] target);

    /// Appends an entry.
    void append(float[] source, int offset);

    /// Bytes this list holds alone or shared with forks.
    long bytes();
}
