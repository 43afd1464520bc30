package ai.hadal.backend;

/// A run that holds copies of its entries, as they are kept, one behind the other.
record StoredRun(EntryLayout layout, int size, byte[] stored) implements EntryRun {

    static StoredRun copy(Entries entries, int from, int size) {
        int stride = entries.layout().bytes();
        byte[] all = new byte[Math.multiplyExact(size, stride)];
        byte[] entry = new byte[stride];
        for (int i = 0; i < size; i++) {
            entries.readStored(from + i, entry);
            System.arraycopy(entry, 0, all, i * stride, stride);
        }
        return new StoredRun(entries.layout(), size, all);
    }

    @Override
    public void readStored(int index, byte[] target) {
        System.arraycopy(stored, index * layout.bytes(), target, 0, layout.bytes());
    }
}
