package ai.hadal.engine.disk;

/// What a store holds and has done since it was opened.
///
/// @param bytes length of all files that count against the bound, those of other checkpoints and profiles
///     included
/// @param records values that can be read
/// @param reads calls of `get`
/// @param hits those of them that found their value
/// @param damaged values whose checksum was found wrong
/// @param evicted segments deleted to make room
/// @param dropped puts that were not kept: the queue was full, the value larger than the bound, or writing
///     off
public record StoreStats(long bytes, long records, long reads, long hits, long damaged, long evicted, long dropped) {

    /// These, and puts that were dropped on their way to the store.
    public StoreStats withDropped(long more) {
        return new StoreStats(bytes, records, reads, hits, damaged, evicted, dropped + more);
    }
}
