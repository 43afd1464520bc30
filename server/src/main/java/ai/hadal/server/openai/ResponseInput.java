package ai.hadal.server.openai;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ToolCall;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The input of the responses API to messages. What the model said comes as several items there, its
/// reasoning, its text and its calls, and is one message here.
final class ResponseInput {

    private static final String FIELD = "input";
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");
    private static final Set<String> TEXTS =
            Set.of("input_text", "output_text", "text", "reasoning_text", "summary_text");
    private static final String PARAGRAPH = "\n\n";

    private final List<Message> messages = new ArrayList<>();
    private final Function<String, @Nullable JsonNode> stored;

    // What the model said, until an item comes that does not belong to it.
    private String reasoning = "";
    private @Nullable String content;
    private final List<ToolCall> calls = new ArrayList<>();

    private boolean begun;

    private ResponseInput(boolean begun, Function<String, @Nullable JsonNode> stored) {
        this.begun = begun;
        this.stored = stored;
    }

    /// @param begun whether messages come before these
    /// @param stored an output item of an earlier response by its id, null if it is not known
    /// @throws ApiException if an item is wrong
    static List<Message> read(Fields body, boolean begun, Function<String, @Nullable JsonNode> stored) {
        JsonNode value = body.required(FIELD);
        if (value.isString()) {
            return List.of(new Message.User(value.stringValue()));
        }
        if (!value.isArray() || value.isEmpty()) {
            throw ApiException.invalid(FIELD, "'input' must be a text or a list with at least one item");
        }
        var input = new ResponseInput(begun, stored);
        int at = 0;
        for (JsonNode item : value.values()) {
            input.item(new Fields(item, FIELD + "[" + at++ + "]"));
        }
        input.endTurn();
        return input.messages;
    }

    private void item(Fields item) {
        // Messages and references may come without a type.
        String type = item.string("type", item.has("id") && !item.has("role") ? "item_reference" : "message");
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> {
                if (content != null || !calls.isEmpty()) {
                    endTurn();
                }
                reasoning += reasoning(item);
            }
            case "function_call" -> call(item, "arguments", ToolFields::arguments);
            case "custom_tool_call" -> call(item, "input", ResponseInput::arguments);
            case "function_call_output", "custom_tool_call_output" -> {
                endTurn();
                item.required("output");
                add(new Message.Tool(item.requiredString("call_id"), blocks(item, "output", false)));
            }
            case "item_reference" -> reference(item);
            default ->
                throw ApiException.invalid(
                        item.place("type"),
                        "'" + item.place("type") + "' is '" + type
                                + "'; use message, reasoning, calls of functions or custom tools and their outputs");
        }
    }

    private void call(Fields item, String field, UnaryOperator<String> arguments) {
        calls.add(new ToolCall(
                item.requiredString("call_id"),
                ResponseTools.name(item.string("namespace"), item.requiredString("name")),
                arguments.apply(item.requiredString(field))));
    }

    /// The arguments of the function that stands for a custom tool.
    private static String arguments(String input) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(ResponseTools.INPUT, input)
                .toString();
    }

    /// Of reasoning, clients keep what they show, or only what is told to be sent back.
    private static String reasoning(Fields item) {
        String content = text(item, "content", "");
        if (!content.isEmpty()) {
            return content;
        }
        String sealed = SealedReasoning.read(item.string("encrypted_content"));
        return sealed == null ? text(item, "summary", PARAGRAPH) : sealed;
    }

    private void reference(Fields item) {
        String id = item.requiredString("id");
        JsonNode said = stored.apply(id);
        if (said == null) {
            throw new ApiException(
                    ApiException.Kind.INVALID_REQUEST,
                    "item_not_found",
                    item.place("id"),
                    "the server knows no item '" + id + "' (any more); send the item itself");
        }
        item(new Fields(said, item.place("id")));
    }

    private void message(Fields item) {
        String role = item.requiredString("role");
        if (!ROLES.contains(role)) {
            throw ApiException.invalid(
                    item.place("role"),
                    "'" + item.place("role") + "' is '" + role + "'; use user, assistant, system or developer");
        }
        item.required("content");
        if (role.equals("assistant")) {
            if (content != null || !calls.isEmpty()) {
                endTurn();
            }
            content = text(item, "content", "");
            return;
        }
        endTurn();
        switch (role) {
            case "user" -> add(new Message.User(blocks(item, "content", true), null));
            case "developer" -> {
                String said = text(item, "content", PARAGRAPH);
                // Before the conversation, the model knows it as the system's.
                add(begun ? new Message.Developer(said) : new Message.System(said));
            }
            default -> {
                String said = text(item, "content", PARAGRAPH);
                // Later, the model knows it as a part of what it is asked.
                add(begun ? new Message.User(said) : new Message.System(said));
            }
        }
    }

    private void add(Message message) {
        begun |= !(message instanceof Message.System);
        messages.add(message);
    }

    private void endTurn() {
        if (!reasoning.isEmpty() || content != null || !calls.isEmpty()) {
            add(new Message.Assistant(content == null ? "" : content, reasoning, calls));
            reasoning = "";
            content = null;
            calls.clear();
        }
    }

    private static String text(Fields item, String name, String between) {
        return blocks(item, name, true).stream()
                .map(block -> block instanceof ContentBlock.Text(String text) ? text : "")
                .collect(Collectors.joining(between));
    }

    /// @param textOnly whether parts that the model cannot read are refused; if not, they are named to it
    private static List<ContentBlock> blocks(Fields item, String name, boolean textOnly) {
        JsonNode value = item.value(name);
        if (value != null && value.isString()) {
            return List.of(new ContentBlock.Text(value.stringValue()));
        }
        var blocks = new ArrayList<ContentBlock>();
        for (JsonNode json : item.list(name)) {
            var part = new Fields(json, item.place(name) + "[" + blocks.size() + "]");
            String type = part.requiredString("type");
            if (TEXTS.contains(type)) {
                blocks.add(new ContentBlock.Text(part.requiredString("text")));
            } else if (type.equals("refusal")) {
                blocks.add(new ContentBlock.Text(part.requiredString("refusal")));
            } else if (textOnly) {
                throw ApiException.invalid(
                        part.place("type"),
                        "'" + part.place("type") + "' is '" + type + "'; this model reads text alone");
            } else {
                blocks.add(new ContentBlock.Unsupported(type));
            }
        }
        return blocks;
    }
}
