package ai.hadal.chat;

import ai.hadal.error.HadalException;
import ai.hadal.tokenizer.Tokenizer;
import java.util.List;

/// The tokens of the protocol that a reply itself may hold.
record ReplyTokens(int end, int thinkEnd, int dsml) {

    /// What no piece of ordinary text may spell: readers of the reply would take it for the token.
    static final List<String> NEVER_SPELLED = List.of(
            Markers.BEGIN_OF_SENTENCE,
            Markers.END_OF_SENTENCE,
            Markers.USER,
            Markers.ASSISTANT,
            Markers.LATEST_REMINDER,
            Markers.THINK_START,
            Markers.THINK_END,
            Markers.DSML);

    static ReplyTokens of(Tokenizer tokenizer) {
        return new ReplyTokens(
                tokenizer.eosId(), require(tokenizer, Markers.THINK_END), require(tokenizer, Markers.DSML));
    }

    static int require(Tokenizer tokenizer, String marker) {
        return tokenizer
                .id(marker)
                .orElseThrow(() -> new HadalException("the vocabulary has no token '" + marker
                        + "', so replies can't be constrained; use a tokenizer of DeepSeek-V4"));
    }
}
