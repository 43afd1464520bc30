package ai.hadal.server.reply;

import ai.hadal.chat.ToolChoice;
import ai.hadal.chat.ToolDefinition;
import java.util.List;

/// What an answer must keep to.
///
/// @param chat whether it is a reply of the chat protocol; else a text, of which only the format counts
/// @param reasons whether it starts with reasoning
/// @param maxThinkingTokens most tokens of that, -1 for no limit
record Rules(
        boolean chat,
        boolean reasons,
        List<ToolDefinition> tools,
        ToolChoice toolChoice,
        boolean parallelToolCalls,
        Format format,
        int maxThinkingTokens) {

    static Rules of(ChatRequest request, boolean reasons) {
        return new Rules(
                true,
                reasons,
                request.tools(),
                request.toolChoice(),
                request.parallelToolCalls(),
                request.format(),
                request.maxThinkingTokens());
    }

    static Rules of(TextRequest request) {
        return new Rules(false, false, List.of(), new ToolChoice.None(), false, request.format(), -1);
    }
}
