package ai.hadal.backend;

/// Neighbouring entries of a list, taken out of it. Immutable, so any number of lists and threads may hold
/// it, and a backend may share its memory with the list that it comes from.
public interface EntryRun {

    EntryLayout layout();

    /// Entries in it.
    int size();

    /// Copies entry `index` as it is kept, [EntryLayout#bytes] of them, to `target`.
    void readStored(int index, byte[] target);

    /// Bytes of its entries, shared ones included.
    default long bytes() {
        return (long) size() * layout().bytes();
    }
}
