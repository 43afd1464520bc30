package ai.hadal.backend;

/// An append-only list of compressed rows. A value like [Ring]: forks share what neither changes.
public interface Entries {

    /// Entries that an operation holds as floats at once.
    int GATHERED = 32 * 1024;

    EntryLayout layout();

    int size();

    /// Drops all entries from `size` on.
    void truncate(int size);

    Entries fork();

    /// Copies the values of entry `index` to `target`.
    void read(int index, float[] target);

    /// Appends an entry's values.
    void append(float[] source, int offset);

    /// Copies entry `index` as it is kept, [EntryLayout#bytes] of them, to `target`.
    void readStored(int index, byte[] target);

    /// Appends an entry as it is kept.
    void appendStored(byte[] source);

    /// Bytes this list holds alone or shared with forks.
    long bytes();
}
