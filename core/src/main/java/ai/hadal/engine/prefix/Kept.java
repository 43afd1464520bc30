package ai.hadal.engine.prefix;

/// Something in the tree that [Eviction] may drop.
abstract sealed class Kept permits Node, Mark {

    /// The clock of [Eviction] when it was last used.
    double clock;

    /// When it was last used, in uses.
    long use;

    /// Where it stands in the queue.
    double priority;

    /// Bytes that it takes.
    abstract long bytes();
}
