package ai.hadal.server.reply;

/// What the model said in one turn, as it was sampled.
///
/// @param reasoning text of its reasoning
/// @param reasoningIds tokens of that, without the one that ends it
/// @param answerIds tokens after the reasoning, with the markup of calls, without the end of the turn
record RememberedTurn(String reasoning, int[] reasoningIds, int[] answerIds) {

    private static final int OVERHEAD = 200;

    /// Heap that it takes, roughly.
    long bytes() {
        return OVERHEAD + 2L * reasoning.length() + (long) Integer.BYTES * (reasoningIds.length + answerIds.length);
    }
}
