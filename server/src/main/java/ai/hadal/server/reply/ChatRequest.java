package ai.hadal.server.reply;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolChoice;
import ai.hadal.chat.ToolDefinition;
import java.util.List;

/// A conversation to answer.
///
/// @param messages the conversation; an open assistant message at its end is continued
/// @param tools what the model may call
/// @param parallelToolCalls whether it may make several calls in one answer
/// @param maxThinkingTokens most tokens of reasoning, -1 for no limit but the answer's
public record ChatRequest(
        List<Message> messages,
        List<ToolDefinition> tools,
        ToolChoice toolChoice,
        boolean parallelToolCalls,
        Format format,
        ThinkingMode mode,
        int maxThinkingTokens,
        Settings settings) {

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
