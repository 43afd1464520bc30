package ai.hadal.chat;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the model said in one turn.
///
/// @param reasoning "" if it did not reason
/// @param toolCalls without ids; the arguments are JSON text as far as the model wrote JSON
public record Reply(String content, String reasoning, List<ToolCall> toolCalls) {

    public Reply {
        toolCalls = List.copyOf(toolCalls);
    }

    /// The reply as the next message of the conversation.
    public Message.Assistant toMessage() {
        return new Message.Assistant(content, reasoning, toolCalls);
    }

    /// The official form: `{"role", "content", "reasoning_content", "tool_calls": [{"type", "function": {"name",
    /// "arguments"}}]}`.
    public JsonNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("role", "assistant").put("content", content).put("reasoning_content", reasoning);
        var calls = json.putArray("tool_calls");
        for (ToolCall call : toolCalls) {
            calls.addObject()
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", call.argumentsJson());
        }
        return json;
    }
}
