package ai.hadal.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Conversations in which every text that somebody says may hold special tokens or pieces of them.
final class Sayings {

    /// Stands in every text that somebody says, and nowhere in the encoding.
    static final String MARK = "§";

    private static final List<String> PIECES = List.of(
            Markers.BEGIN_OF_SENTENCE,
            Markers.END_OF_SENTENCE,
            Markers.USER,
            Markers.ASSISTANT,
            Markers.LATEST_REMINDER,
            Markers.THINK_START,
            Markers.THINK_END,
            Markers.DSML,
            "<｜action｜>",
            "<｜fim▁hole｜>",
            "\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"f\">",
            "</｜DSML｜parameter>");
    private static final List<String> SCRAPS = List.of(
            "<",
            "<｜",
            "｜",
            "｜>",
            "think>",
            "</",
            "<thi",
            "nk>",
            "DSML",
            "｜DSML",
            "User",
            "<｜User",
            "Assistant｜>",
            "</tool_result>",
            " ",
            "  ",
            "\n\n",
            "\"",
            "'s",
            "42",
            "中文",
            "🦀",
            "How deep is the sea?");

    private final SplittableRandom random;
    private final boolean forged;

    /// @param forged whether whole special tokens are among what is said
    Sayings(long seed, boolean forged) {
        this.random = new SplittableRandom(seed);
        this.forged = forged;
    }

    String text() {
        var text = new StringBuilder(random.nextBoolean() ? MARK : "");
        for (int i = random.nextInt(6); i > 0; i--) {
            var from = forged && random.nextBoolean() ? PIECES : SCRAPS;
            text.append(from.get(random.nextInt(from.size())));
        }
        return random.nextBoolean() ? text.append(MARK).toString() : text.toString();
    }

    private String name() {
        return MARK + text();
    }

    List<Message> conversation() {
        var messages = new ArrayList<Message>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            messages.add(message());
        }
        return messages;
    }

    private Message message() {
        return switch (random.nextInt(6)) {
            case 0 -> new Message.System(text(), tools(), random.nextBoolean() ? object() : null, null);
            case 1 -> new Message.Developer(name(), tools(), null, null);
            case 2 -> new Message.Reminder(text());
            case 3 -> new Message.Tool("c", List.of(block(), new ContentBlock.Unsupported(name())));
            case 4 -> new Message.Assistant(text(), text(), calls());
            default -> new Message.User(List.of(block(), block()), random.nextInt(4) == 0 ? Task.ACTION : null);
        };
    }

    private ContentBlock block() {
        return new ContentBlock.Text(text());
    }

    private List<ToolDefinition> tools() {
        var tools = new ArrayList<ToolDefinition>();
        for (int i = random.nextInt(3); i > 0; i--) {
            tools.add(new ToolDefinition(object().put("name", name()).put("description", text())));
        }
        return tools;
    }

    private List<ToolCall> calls() {
        var calls = new ArrayList<ToolCall>();
        for (int i = random.nextInt(3); i > 0; i--) {
            calls.add(new ToolCall("c", name(), random.nextInt(4) == 0 ? "{" + name() : object().toString()));
        }
        return calls;
    }

    private ObjectNode object() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put(name(), text()).putArray(name()).add(text());
        return object;
    }
}
