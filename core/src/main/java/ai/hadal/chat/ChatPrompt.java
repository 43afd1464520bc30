package ai.hadal.chat;

import ai.hadal.tokenizer.TextRange;
import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/// An encoded conversation and how its reply will read.
///
/// @param text what the model is given
/// @param opensReasoning the text ends with [Markers#THINK_START], so the reply starts with reasoning
/// @param said where the text tells what the model said before
/// @param contents where the text is what messages and tools say, in ascending order: no special token is recognised
///     there, nor where such a range and what is around it spell one together
public record ChatPrompt(String text, boolean opensReasoning, List<Said> said, List<TextRange> contents) {

    /// Where the text tells one reply: ranges of UTF-16 units. Special tokens stand at both sides of each
    /// range, so its tokens do not depend on what is around; but none stands ahead of a reply to a reminder or to
    /// instructions alone.
    ///
    /// @param message index of the assistant message
    /// @param reasons whether its reasoning is told, `reasoningStart` to `reasoningEnd`; else that is
    ///     empty
    /// @param answerStart where its content and its calls begin; they go to `answerEnd`
    public record Said(
            int message, boolean reasons, int reasoningStart, int reasoningEnd, int answerStart, int answerEnd) {}

    public ChatPrompt {
        said = List.copyOf(said);
        contents = List.copyOf(contents);
    }

    /// This prompt, with special tokens recognised everywhere, as in the official encoding.
    ChatPrompt withSpecialContents() {
        return new ChatPrompt(text, opensReasoning, said, List.of());
    }

    /// The tokens of the prompt. Where contents spell no special token they are the official ones.
    public int[] ids(Tokenizer tokenizer) {
        return tokenizer.encode(text, contents);
    }

    /// The tokens of a part of the text. They are those of the whole prompt if special tokens stand at both of its
    /// ends, as around each range of [#said].
    public int[] ids(Tokenizer tokenizer, int from, int to) {
        var inside = contents.stream()
                .filter(range -> range.from() < to && range.to() > from)
                .map(range -> new TextRange(Math.max(range.from(), from) - from, Math.min(range.to(), to) - from))
                .toList();
        return tokenizer.encode(text.substring(from, to), inside);
    }

    /// Encodes a conversation with the usual options.
    ///
    /// @throws ChatException as [ChatEncoder#encode(List, ChatOptions)]
    public static ChatPrompt of(List<Message> messages, ThinkingMode mode) {
        return ChatEncoder.encode(messages, ChatOptions.of(mode));
    }

    /// The messages with tools added where the model expects them: in the first system message, or in an
    /// empty one put in front.
    public static List<Message> withTools(List<Message> messages, List<ToolDefinition> tools) {
        var result = new ArrayList<>(messages);
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i) instanceof Message.System system) {
                var all = new ArrayList<>(system.tools());
                all.addAll(tools);
                result.set(i, new Message.System(system.content(), all, system.responseFormat(), system.task()));
                return result;
            }
        }
        result.addFirst(new Message.System("", tools));
        return result;
    }

    /// A parser for the one reply to this prompt, fed as it is generated.
    public ReplyStream replyStream() {
        return new ReplyStream(opensReasoning);
    }

    /// The complete reply to this prompt.
    ///
    /// @throws MalformedReplyException as [ReplyParser#parse]
    public Reply parse(String completion) {
        return ReplyParser.parse(completion, opensReasoning);
    }
}
