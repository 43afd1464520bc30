package ai.hadal.engine.disk;

/// Where a value lies.
final class Location {

    final StoreKey key;
    final Segment segment;

    /// Of the record, in its file.
    final long position;

    /// Of the value, in bytes.
    final int length;

    /// The number of the read that was the latest of this value; 0 before the first.
    volatile long lastRead;

    Location(StoreKey key, Segment segment, long position, int length) {
        this.key = key;
        this.segment = segment;
        this.position = position;
        this.length = length;
    }
}
