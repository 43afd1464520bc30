package ai.hadal.backend;

/// An append-only list of compressed rows. A value like [Ring]: forks share what neither changes.
public interface Entries {

    /// Entries that an operation holds as floats at once.
    int GATHERED = 32 * 1024;

    EntryLayout layout();

    int size();

    /// Drops all entries from `size` on.
    void truncate(int size);

    /// Goes back to `size` entries without dropping those behind: they can still be read, and until the list
    /// has its former size again, each append does no more than count one of them.
    void rewind(int size);

    Entries fork();

    /// Copies the values of entry `index` to `target`.
    void read(int index, float[] target);

    /// Appends an entry's values.
    void append(float[] source, int offset);

    /// Copies entry `index` as it is kept, [EntryLayout#bytes] of them, to `target`.
    void readStored(int index, byte[] target);

    /// Appends an entry as it is kept.
    void appendStored(byte[] source);

    /// Entries `from .. from+size-1`, as an immutable value.
    default EntryRun run(int from, int size) {
        return StoredRun.copy(this, from, size);
    }

    /// Appends the entries of a run.
    ///
    /// @throws IllegalArgumentException if it keeps them in another layout
    default void append(EntryRun run) {
        if (!run.layout().equals(layout())) {
            throw new IllegalArgumentException("entries kept as " + run.layout() + " do not go into " + layout());
        }
        byte[] entry = new byte[layout().bytes()];
        for (int i = 0; i < run.size(); i++) {
            run.readStored(i, entry);
            appendStored(entry);
        }
    }

    /// Bytes this list holds alone or shared with forks.
    long bytes();
}
