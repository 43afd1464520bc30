package ai.hadal.chat;

import ai.hadal.chat.ChatException.Problem;
import ai.hadal.error.HadalException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Answers encoding and parsing cases the way the official code does, including the kind and wording of its errors:
///
/// ```
/// {"op": "encode", "input": [messages], "kwargs": {"thinking_mode": "chat"}}   ->  {"result": "<｜begin..."}
/// {"op": "parse", "input": "...", "kwargs": {"thinking_mode": "thinking"}}     ->  {"result": {"role": ...}}
/// either                                                                       ->  {"error": {"type", "message"}}
/// ```
///
/// Arguments of encode are `thinking_mode`, `context`, `drop_thinking`, `add_default_bos_token` and
/// `reasoning_effort`.
public final class ChatCases {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ChatCases() {}

    /// Answers a case in JSON text with JSON text, without loss in numbers.
    ///
    /// @throws HadalException if the text is not a case
    public static String answer(String line) {
        return PythonJson.write(answer(PythonJson.parse("case", line)));
    }

    /// Answers a case.
    ///
    /// @throws HadalException if the tree is not a case
    public static JsonNode answer(JsonNode testCase) {
        JsonNode input = testCase.path("input");
        JsonNode arguments = testCase.path("kwargs");
        String op = testCase.path("op").asString("");
        try {
            JsonNode result = switch (op) {
                case "encode" -> NODES.stringNode(encode(input, arguments));
                case "parse" -> parse(input, arguments);
                default -> throw new HadalException("case has op '%s': use encode or parse".formatted(op));
            };
            return NODES.objectNode().set("result", result);
        } catch (ChatException e) {
            return error(e.problem(), arguments.path("context"), input);
        } catch (MalformedReplyException e) {
            return error(e.isInToolCalls() ? "ValueError" : "AssertionError", e.reason());
        }
    }

    private static String encode(JsonNode input, JsonNode arguments) {
        JsonNode before = arguments.path("context");
        List<Message> context = PythonText.isTruthy(before) ? ChatJson.messages("context", before) : List.of();
        List<Message> messages = ChatJson.messages("messages", input);
        // Tools count wherever they stand, except in the messages that merging rebuilds.
        boolean toolsAnywhere = haveTools(before) || haveTools(input);
        // The official code checks mode and effort only when it comes to print a message.
        ThinkingMode mode = messages.isEmpty() ? ThinkingMode.NON_THINK : mode(arguments);
        var options = new ChatOptions(
                mode,
                arguments.path("drop_thinking").asBoolean(true) && !toolsAnywhere,
                arguments.path("add_default_bos_token").asBoolean(true),
                true);
        return ChatEncoder.encode(context, messages, options).text();
    }

    private static ThinkingMode mode(JsonNode arguments) {
        String mode = arguments.path("thinking_mode").asString("");
        if (!mode.equals("chat") && !mode.equals("thinking")) {
            throw new ChatException(
                    new Problem.UnknownMode(mode), "thinking_mode is '%s': use chat or thinking".formatted(mode));
        }
        JsonNode effort = arguments.path("reasoning_effort");
        boolean none = effort.isNull() || effort.isMissingNode();
        String name = none ? "high" : effort.asString("");
        if (!name.equals("high") && !name.equals("max")) {
            throw new ChatException(
                    new Problem.UnknownEffort(name), "reasoning_effort is '%s': use high, max or null".formatted(name));
        }
        if (mode.equals("chat")) {
            return ThinkingMode.NON_THINK;
        }
        return name.equals("max") ? ThinkingMode.MAX : ThinkingMode.HIGH;
    }

    private static boolean haveTools(JsonNode messages) {
        return messages.valueStream()
                .filter(message ->
                        !List.of("user", "tool").contains(message.path("role").asString("")))
                .map(message -> message.path("tools"))
                .anyMatch(PythonText::isTruthy);
    }

    private static JsonNode parse(JsonNode input, JsonNode arguments) {
        if (!input.isString()) {
            throw new HadalException("input of a parse case is a JSON %s: give the completion as a string"
                    .formatted(PythonText.type(input)));
        }
        boolean thinking = arguments.path("thinking_mode").asString("").equals("thinking");
        return ReplyParser.parse(input.stringValue(), thinking).toJson();
    }

    private static JsonNode error(Problem problem, JsonNode context, JsonNode messages) {
        return switch (problem) {
            case Problem.EmptyDeveloper(int position) -> {
                JsonNode message =
                        position < context.size() ? context.get(position) : messages.get(position - context.size());
                yield error("AssertionError", "Invalid message for role `developer`: " + PythonText.repr(message));
            }
            case Problem.UnknownRole(String role) -> error("NotImplementedError", "Unknown role: " + role);
            case Problem.UnknownTask(Task task) ->
                error(
                        "AssertionError",
                        "Invalid task: '" + task.name()
                                + "'. Valid tasks are: ['read_url', 'title', 'query', 'authority', 'action',"
                                + " 'domain']");
            case Problem.ArgumentsNotObject(String kind) ->
                error("AttributeError", "'" + kind + "' object has no attribute 'items'");
            case Problem.UserContentNotText(int block, String type) ->
                error("TypeError", "sequence item " + block + ": expected str instance, " + type + " found");
            case Problem.MissingField(String field) -> error("KeyError", PythonText.repr(field));
            case Problem.UnknownMode(String mode) -> error("AssertionError", "Invalid thinking_mode `" + mode + "`");
            case Problem.UnknownEffort(String effort) -> error("AssertionError", "Invalid reasoning effort: " + effort);
        };
    }

    private static JsonNode error(String type, String message) {
        ObjectNode error = NODES.objectNode();
        error.putObject("error").put("type", type).put("message", message);
        return error;
    }
}
