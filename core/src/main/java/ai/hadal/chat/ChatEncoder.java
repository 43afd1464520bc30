package ai.hadal.chat;

import java.util.ArrayList;
import java.util.List;

/// The official prompt encoding of DeepSeek-V4 (report, section 16): messages to the one string the model was
/// trained on. Contents are neither trimmed nor escaped; the prompt knows where they stand, so that no special token
/// is recognised in them ([ChatPrompt#ids(ai.hadal.tokenizer.Tokenizer)]).
///
/// A conversation is merged into turns ([Turns]), then printed ([TurnRenderer]). With a context, only what follows
/// it is printed, but it reads as part of the whole: the text continues a prompt whose first part is encoded
/// already.
public final class ChatEncoder {

    private ChatEncoder() {}

    /// Encodes a conversation from its first message.
    ///
    /// @throws ChatException if a message has no encoding: an unknown role or task, an empty developer message,
    ///     user content that is not text, or tool-call arguments that are not an object
    public static ChatPrompt encode(List<Message> messages, ChatOptions options) {
        return encode(List.of(), messages, options);
    }

    /// Encodes the messages that follow an already encoded context.
    ///
    /// When old reasoning is dropped, a developer message at the end of the context counts as shown although the
    /// longer conversation leaves it out; as in the official code, one message too few is printed then.
    ///
    /// @throws ChatException as [#encode(List, ChatOptions)]
    public static ChatPrompt encode(List<Message> context, List<Message> messages, ChatOptions options) {
        List<Turn> before = Turns.merge(context, 0);
        var all = new ArrayList<>(before);
        all.addAll(Turns.merge(messages, context.size()));
        Turns.sortToolResults(all);

        boolean drop = options.dropThinking() && !Turns.defineTools(all);
        boolean forget = drop && options.mode().thinks();
        List<Turn> shown = forget ? Turns.forget(all) : all;
        int first = forget ? Turns.forget(before).size() : before.size();
        var prompt = new TurnRenderer(shown, options.mode(), drop, context.size())
                .render(first, options.beginOfSentence() && context.isEmpty());
        return options.parseSpecial() ? prompt.withSpecialContents() : prompt;
    }
}
