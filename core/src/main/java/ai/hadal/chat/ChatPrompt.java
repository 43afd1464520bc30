package ai.hadal.chat;

import java.util.ArrayList;
import java.util.List;

/// An encoded conversation and how its reply will read.
///
/// @param text what the model is given
/// @param opensReasoning the text ends with [Markers#THINK_START], so the reply starts with reasoning
/// @param said where the text tells what the model said before
public record ChatPrompt(String text, boolean opensReasoning, List<Said> said) {

    /// Where the text tells one reply: ranges of UTF-16 units. Special tokens stand at both sides of each
    /// range, so its tokens do not depend on what is around.
    ///
    /// @param message index of the assistant message
    /// @param reasons whether its reasoning is told, `reasoningStart` to `reasoningEnd`; else that is
    ///     empty
    /// @param answerStart where its content and its calls begin; they go to `answerEnd`
    public record Said(
            int message, boolean reasons, int reasoningStart, int reasoningEnd, int answerStart, int answerEnd) {}

    public ChatPrompt {
        said = List.copyOf(said);
    }

    /// Encodes a conversation with the official defaults.
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
