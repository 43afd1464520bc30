package ai.hadal.chat;

import ai.hadal.grammar.TokenConstraint;
import ai.hadal.grammar.TokenSet;
import ai.hadal.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/// Closes reasoning that is too long or goes round in circles: from then on `</think>` is the only token
/// allowed. Before that, and behind the reasoning, it allows everything. For replies that open with
/// reasoning.
///
/// Reasoning goes round in circles when it ends with at least four turns of the same tokens, at most 200 a
/// turn, that are at least 64 tokens together.
public final class ReasoningLimit implements TokenConstraint {

    private static final int LONGEST_TURN = 200;
    private static final int TURNS = 4;
    private static final int LEAST_TOKENS = 64;

    private final int thinkEnd;
    private final TokenSet closing;
    private final int maxTokens;
    private final boolean againstLoops;

    private int tokens;
    private boolean looping;
    private boolean closed;
    /// The last tokens, token n at n modulo the length.
    private final int[] recent = new int[LONGEST_TURN];
    /// For each distance the number of tokens at the end that equal those so far before them.
    private final int[] repeated = new int[LONGEST_TURN + 1];

    /// @param maxTokens of the reasoning, `</think>` not among them; negative is no limit
    /// @param againstLoops whether to look for repetitions
    /// @throws ai.hadal.error.HadalException if the vocabulary has no `</think>`
    public ReasoningLimit(Tokenizer tokenizer, int maxTokens, boolean againstLoops) {
        thinkEnd = ReplyTokens.require(tokenizer, Markers.THINK_END);
        closing = TokenSet.of(thinkEnd);
        this.maxTokens = maxTokens;
        this.againstLoops = againstLoops;
    }

    /// Whether the limit has closed, or is about to close, the reasoning.
    public boolean isReached() {
        return looping || (maxTokens >= 0 && tokens >= maxTokens);
    }

    @Override
    public @Nullable TokenSet allowed() {
        return !closed && isReached() ? closing : null;
    }

    @Override
    public void accept(int id) {
        if (closed) {
            return;
        }
        if (id == thinkEnd) {
            closed = true;
            return;
        }
        if (isReached()) {
            throw new IllegalArgumentException("Reasoning must end here, but goes on with the token " + id);
        }
        if (againstLoops) {
            for (int turn = 1; turn <= Math.min(tokens, LONGEST_TURN); turn++) {
                boolean again = recent[(tokens - turn) % LONGEST_TURN] == id;
                repeated[turn] = again ? repeated[turn] + 1 : 0;
                looping |= again && repeated[turn] + turn >= Math.max(TURNS * turn, LEAST_TOKENS);
            }
            recent[tokens % LONGEST_TURN] = id;
        }
        tokens++;
    }
}
