package ai.hadal;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.Task;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Messages written in the form that [ai.hadal.chat.ChatJson] reads: that of the OpenAI chat API with the official
/// encoding's additions.
public final class MessageJson {

    private MessageJson() {}

    /// One message.
    public static ObjectNode of(Message message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (message) {
            case Message.System(String content, var tools, var format, var task) -> {
                json.put("role", "system").put("content", content);
                attach(json, tools, format, task);
            }
            case Message.Developer(String content, var tools, var format, var task) -> {
                json.put("role", "developer").put("content", content);
                attach(json, tools, format, task);
            }
            case Message.User(var content, var task) -> {
                json.put("role", "user").set("content", content(content));
                attach(json, List.of(), null, task);
            }
            case Message.Reminder(String content, var task) -> {
                json.put("role", "latest_reminder").put("content", content);
                attach(json, List.of(), null, task);
            }
            case Message.Assistant(String content, String reasoning, var calls, boolean open, var task) -> {
                json.put("role", "assistant").put("content", content);
                if (!reasoning.isEmpty()) {
                    json.put("reasoning_content", reasoning);
                }
                if (!calls.isEmpty()) {
                    json.set("tool_calls", toolCalls(calls));
                }
                if (open) {
                    json.put("wo_eos", true);
                }
                attach(json, List.of(), null, task);
            }
            case Message.Tool(String callId, var content) ->
                json.put("role", "tool").put("tool_call_id", callId).set("content", content(content));
            case Message.Other(String role, var task) -> {
                json.put("role", role);
                attach(json, List.of(), null, task);
            }
        }
        return json;
    }

    private static void attach(
            ObjectNode json, List<ToolDefinition> tools, @Nullable JsonNode format, @Nullable Task task) {
        if (!tools.isEmpty()) {
            var array = json.putArray("tools");
            tools.forEach(tool -> array.addObject().put("type", "function").set("function", tool.function()));
        }
        if (format != null) {
            json.set("response_format", format);
        }
        if (task != null) {
            json.put("task", task.name());
        }
    }

    private static JsonNode content(List<ContentBlock> blocks) {
        if (blocks.size() == 1 && blocks.getFirst() instanceof ContentBlock.Text(String text)) {
            return JsonNodeFactory.instance.stringNode(text);
        }
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        for (var block : blocks) {
            switch (block) {
                case ContentBlock.Text(String text) ->
                    parts.addObject().put("type", "text").put("text", text);
                case ContentBlock.Unsupported(String type) -> parts.addObject().put("type", type);
            }
        }
        return parts;
    }

    /// Calls in the form of the OpenAI chat API.
    public static ArrayNode toolCalls(List<ToolCall> calls) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (var call : calls) {
            var json = array.addObject();
            if (call.id() != null) {
                json.put("id", call.id());
            }
            json.put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", call.argumentsJson());
        }
        return array;
    }
}
