package ai.hadal.engine;

/// Kinds of drafts, each with an acceptance of its own.
enum DraftKind {
    /// Of the checkpoint's MTP block.
    MTP(0.7, 0.85, false),
    /// Looked up by the last 3 to 5 tokens.
    SHORT_MATCH(0.4, 1, true),
    /// Looked up by the last 6 to 15.
    MATCH(0.6, 1, true),
    /// Looked up by 16 and more.
    LONG_MATCH(0.8, 1, true);

    /// The share of first drafts that is expected to be right, before any was seen.
    final double expected;

    /// How much of that remains from one draft to the one behind it.
    final double decay;

    /// Whether drafts cost next to nothing, so that they can be compared with the text without being verified.
    final boolean free;

    DraftKind(double expected, double decay, boolean free) {
        this.expected = expected;
        this.decay = decay;
        this.free = free;
    }

    static DraftKind ofMatch(int tokens) {
        return tokens < 6 ? SHORT_MATCH : tokens < 16 ? MATCH : LONG_MATCH;
    }
}
