package ai.hadal.engine.prefix;

/// What a [PrefixCache] holds and did.
///
/// @param bytes in memory, never more than the budget
/// @param budget of memory, in bytes
/// @param blocks of 128 tokens in memory
/// @param snapshots in memory
/// @param memory hits that memory alone served
/// @param store hits that needed the store
/// @param misses lookups that found nothing to continue from
/// @param evictedBlocks dropped from memory
/// @param evictedSnapshots dropped from memory
public record PrefixStats(
        long bytes,
        long budget,
        int blocks,
        int snapshots,
        Hits memory,
        Hits store,
        long misses,
        long evictedBlocks,
        long evictedSnapshots) {

    /// Hits of a tier.
    ///
    /// @param snapshots that continued from a snapshot
    /// @param replays that process the last known tokens again
    /// @param tokens that they saved
    public record Hits(long snapshots, long replays, long tokens) {

        static final Hits NONE = new Hits(0, 0, 0);

        /// All of them.
        public long count() {
            return snapshots + replays;
        }

        Hits plus(Hit hit) {
            boolean snapshot = hit.strategy() == Hit.Strategy.SNAPSHOT;
            return new Hits(snapshots + (snapshot ? 1 : 0), replays + (snapshot ? 0 : 1), tokens + hit.cached());
        }
    }
}
