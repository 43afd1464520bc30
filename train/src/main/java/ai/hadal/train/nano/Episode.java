package ai.hadal.train.nano;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// A finished conversation: what is asked, and what a good assistant answers, reasoning and tool calls included.
///
/// Reasoning may hold a mistake on purpose, so that a model learns to find and mend it. Such text stands between
/// [#MISTAKE_START] and [#MISTAKE_END]; the markers are taken out before encoding, and the text between them is
/// seen but not learnt.
///
/// @param key the values that make the question this one, without its wording; decides whether it is held out
/// @param mode how the assistant's turns were written
public record Episode(String key, ThinkingMode mode, List<Message> messages) {

    /// Begins text that is not learnt.
    public static final char MISTAKE_START = '\uE000';

    /// Ends text that is not learnt.
    public static final char MISTAKE_END = '\uE001';

    public Episode {
        messages = List.copyOf(messages);
    }
}
