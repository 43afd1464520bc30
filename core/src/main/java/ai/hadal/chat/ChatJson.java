package ai.hadal.chat;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// Messages in the JSON form of the OpenAI chat API, with the official encoding's additions (`reasoning_content`,
/// `task`, `wo_eos`, `response_format`, and `tools` on a message).
///
/// Unknown fields are ignored. Content may be a string or a list of parts; text parts are separate paragraphs.
/// Where the official encoding prints a value of another type, it prints the Python form (null is `None`), and so
/// does this.
public final class ChatJson {

    private ChatJson() {}

    /// Reads a list of messages.
    ///
    /// @throws ChatException if a tool or a call lacks a required field
    /// @throws HadalException if a part of the tree has the wrong shape; the message names it
    public static List<Message> messages(JsonNode array) {
        return messages("messages", array);
    }

    static List<Message> messages(String place, JsonNode array) {
        var messages = new ArrayList<Message>();
        for (JsonNode message : elements(place, array)) {
            messages.add(message(place + "[" + messages.size() + "]", message));
        }
        return messages;
    }

    /// Reads a list of tools: `{"type": "function", "function": {...}}` each.
    ///
    /// @throws ChatException if a tool has no `function`
    public static List<ToolDefinition> tools(JsonNode array) {
        return tools("tools", array);
    }

    private static Message message(String place, JsonNode message) {
        if (!message.isObject()) {
            throw new HadalException(
                    "%s is a JSON %s: give an object with role and content".formatted(place, PythonText.type(message)));
        }
        JsonNode content = field(message, "content");
        Task task = task(message);
        String role = PythonText.str(field(message, "role"));
        return switch (role) {
            case "system" ->
                new Message.System(textOrEmpty(content), toolsOf(place, message), responseFormat(message), task);
            case "developer" ->
                new Message.Developer(textOrEmpty(content), toolsOf(place, message), responseFormat(message), task);
            case "user" -> new Message.User(userBlocks(message, content), task);
            case "latest_reminder" ->
                new Message.Reminder(content.isArray() ? text(content) : PythonText.str(content), task);
            case "assistant" ->
                new Message.Assistant(
                        textOrEmpty(content),
                        textOrEmpty(field(message, "reasoning_content")),
                        calls(place, message),
                        PythonText.isTruthy(field(message, "wo_eos")),
                        task);
            case "tool" -> new Message.Tool(textOrEmpty(field(message, "tool_call_id")), toolBlocks(message, content));
            default -> new Message.Other(role, task);
        };
    }

    private static JsonNode field(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value == null ? NullNode.getInstance() : value;
    }

    private static @Nullable Task task(JsonNode message) {
        JsonNode task = field(message, "task");
        return task.isNull() ? null : new Task(PythonText.str(task));
    }

    private static @Nullable JsonNode responseFormat(JsonNode message) {
        JsonNode format = field(message, "response_format");
        return PythonText.isTruthy(format) ? format : null;
    }

    private static String textOrEmpty(JsonNode content) {
        if (!PythonText.isTruthy(content)) {
            return "";
        }
        return content.isArray() ? text(content) : PythonText.str(content);
    }

    private static String text(JsonNode parts) {
        var texts = new ArrayList<String>();
        for (ContentBlock block : parts(parts)) {
            texts.add(
                    switch (block) {
                        case ContentBlock.Text(String text) -> text;
                        case ContentBlock.Unsupported(String type) -> "[Unsupported " + type + "]";
                    });
        }
        return String.join("\n\n", texts);
    }

    private static List<ContentBlock> userBlocks(JsonNode message, JsonNode content) {
        if (!message.has("content")) {
            return List.of(new ContentBlock.Text(""));
        }
        if (content.isArray()) {
            return parts(content);
        }
        return List.of(
                content.isString()
                        ? new ContentBlock.Text(content.stringValue())
                        : new ContentBlock.Unsupported(PythonText.type(content)));
    }

    private static List<ContentBlock> toolBlocks(JsonNode message, JsonNode content) {
        if (!message.has("content")) {
            return List.of(new ContentBlock.Text(""));
        }
        return content.isArray() ? parts(content) : List.of(new ContentBlock.Text(PythonText.str(content)));
    }

    private static List<ContentBlock> parts(JsonNode array) {
        var blocks = new ArrayList<ContentBlock>();
        for (JsonNode part : array.values()) {
            String type = PythonText.str(field(part, "type"));
            blocks.add(
                    type.equals("text")
                            ? new ContentBlock.Text(part.has("text") ? PythonText.str(field(part, "text")) : "")
                            : new ContentBlock.Unsupported(type));
        }
        return blocks;
    }

    private static List<ToolCall> calls(String place, JsonNode message) {
        JsonNode array = field(message, "tool_calls");
        var calls = new ArrayList<ToolCall>();
        if (PythonText.isTruthy(array)) {
            for (JsonNode call : elements(place + ".tool_calls", array)) {
                calls.add(call(place + ".tool_calls[" + calls.size() + "]", call));
            }
        }
        return calls;
    }

    private static ToolCall call(String place, JsonNode call) {
        JsonNode function = required(place, call, "function");
        String name = PythonText.str(required(place + ".function", function, "name"));
        JsonNode arguments = required(place + ".function", function, "arguments");
        JsonNode id = field(call, "id");
        return new ToolCall(
                textOrEmpty(PythonText.isTruthy(id) ? id : field(function, "id")),
                name,
                // The official encoding shows arguments that are no JSON text as one parameter named "arguments".
                arguments.isString()
                        ? arguments.stringValue()
                        : "{\"arguments\": " + PythonJson.write(arguments) + "}");
    }

    private static List<ToolDefinition> toolsOf(String place, JsonNode message) {
        JsonNode tools = field(message, "tools");
        return PythonText.isTruthy(tools) ? tools(place + ".tools", tools) : List.of();
    }

    private static List<ToolDefinition> tools(String place, JsonNode array) {
        var tools = new ArrayList<ToolDefinition>();
        for (JsonNode tool : elements(place, array)) {
            tools.add(new ToolDefinition(required(place + "[" + tools.size() + "]", tool, "function")));
        }
        return tools;
    }

    private static Iterable<JsonNode> elements(String place, JsonNode array) {
        if (!array.isArray()) {
            throw new HadalException("%s is a JSON %s: give a list".formatted(place, PythonText.type(array)));
        }
        return array.values();
    }

    private static JsonNode required(String place, JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new ChatException(
                    new ChatException.Problem.MissingField(name),
                    "%s has no field '%s': add it".formatted(place, name));
        }
        return value;
    }
}
