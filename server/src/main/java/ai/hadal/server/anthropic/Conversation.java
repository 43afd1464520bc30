package ai.hadal.server.anthropic;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ToolCall;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The messages of a request as the model knows them. Messages of one role that follow each other are one
/// turn. An assistant turn at the end is continued.
final class Conversation {

    /// A line for Anthropic's accounts that a client puts in front of its instructions. It says nothing to the
    /// model and differs in every request, so that no prefix would ever be found again.
    private static final String BILLING = "x-anthropic-billing-header:";

    private static final String PARAGRAPH = "\n\n";

    /// What one side says before the other does.
    private record Turn(boolean said, List<Fields> blocks) {}

    private final List<Message> messages = new ArrayList<>();
    private List<String> callIds = List.of();

    private Conversation() {}

    static List<Message> read(Fields body) {
        var list = body.list("messages");
        if (list.isEmpty()) {
            throw ApiException.invalid("messages", "'messages' must be a list with at least one message");
        }
        var system = new ArrayList<String>();
        if (body.has("system")) {
            Blocks.of(body, "system").stream()
                    .map(Blocks::text)
                    .filter(text -> !text.startsWith(BILLING))
                    .forEach(system::add);
        }
        var conversation = new Conversation();
        var turns = turns(list, system);
        if (!system.isEmpty()) {
            conversation.messages.add(new Message.System(String.join(PARAGRAPH, system)));
        }
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).said()) {
                conversation.said(turns.get(i).blocks(), i == turns.size() - 1);
            } else {
                conversation.asked(turns.get(i).blocks());
            }
        }
        return conversation.messages;
    }

    /// The model knows instructions only at the beginning: those that come later are part of what it is asked.
    ///
    /// @param system takes the instructions at the beginning
    private static List<Turn> turns(List<JsonNode> list, List<String> system) {
        var turns = new ArrayList<Turn>();
        for (int i = 0; i < list.size(); i++) {
            var message = new Fields(list.get(i), "messages[" + i + "]");
            message.required("role");
            String role = message.oneOf("role", "", Set.of("user", "assistant", "system"));
            var blocks = Blocks.of(message, "content");
            if (role.equals("system")) {
                var texts = blocks.stream().map(Blocks::text).toList();
                if (turns.isEmpty()) {
                    system.addAll(texts);
                    continue;
                }
            }
            boolean said = role.equals("assistant");
            if (turns.isEmpty() || turns.getLast().said() != said) {
                turns.add(new Turn(said, new ArrayList<>()));
            }
            turns.getLast().blocks().addAll(blocks);
        }
        return turns;
    }

    /// Results come first and in the order of their calls, whatever order they were sent in.
    private void asked(List<Fields> blocks) {
        var results = new ArrayList<Message.Tool>();
        var texts = new ArrayList<ContentBlock>();
        for (Fields block : blocks) {
            if (Blocks.type(block).equals("tool_result")) {
                results.add(result(block));
                continue;
            }
            var readable = Blocks.readable(block);
            if (readable == null) {
                throw Blocks.unsupported(block, "text, documents of text and tool results");
            }
            texts.add(readable);
        }
        results.sort(Comparator.comparingInt(result -> callIds.indexOf(result.callId())));
        messages.addAll(results);
        if (!texts.isEmpty() || results.isEmpty()) {
            messages.add(new Message.User(texts, null));
        }
    }

    private Message.Tool result(Fields block) {
        String id = block.requiredString("tool_use_id");
        if (!callIds.contains(id)) {
            throw ApiException.invalid(
                    block.place("tool_use_id"),
                    "'" + block.place("tool_use_id") + "' is '" + id + "', but the assistant message before has no"
                            + " such tool_use; send the message with the call, too");
        }
        return new Message.Tool(id, Blocks.result(block));
    }

    private void said(List<Fields> blocks, boolean last) {
        var content = new StringBuilder();
        var reasoning = new ArrayList<String>();
        var calls = new ArrayList<ToolCall>();
        for (Fields block : blocks) {
            switch (Blocks.type(block)) {
                case "text" -> content.append(Blocks.text(block));
                case "thinking" -> {
                    block.string("signature");
                    reasoning.add(block.requiredString("thinking"));
                }
                case "redacted_thinking" -> {}
                case "tool_use" -> calls.add(call(block));
                default -> throw Blocks.unsupported(block, "text, thinking and tool calls");
            }
        }
        if (last && !calls.isEmpty()) {
            throw ApiException.invalid(
                    "messages", "'messages' ends with a tool_use; send a user message with its tool_result");
        }
        callIds = calls.stream().map(ToolCall::id).toList();
        messages.add(new Message.Assistant(content.toString(), String.join(PARAGRAPH, reasoning), calls, last, null));
    }

    private static ToolCall call(Fields block) {
        var input = new Fields(block.required("input"), block.place("input"));
        return new ToolCall(
                block.requiredString("id"),
                block.requiredString("name"),
                input.json().toString());
    }
}
