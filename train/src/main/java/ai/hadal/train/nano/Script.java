package ai.hadal.train.nano;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;

/// Writes down a conversation in one mode.
///
/// Reasoning draws from numbers of its own, so the question and the answers of an index are the same in all modes.
final class Script {

    private static final int SLIP_PERCENT = 15;

    private final ThinkingMode mode;
    private final Draw aside;
    private final boolean slips;
    private final int slipPlace;
    private final List<Message> messages = new ArrayList<>();
    private List<ToolCall> pending = List.of();
    private int calls;

    Script(Draw draw, ThinkingMode mode) {
        this.mode = mode;
        aside = new Draw(draw.integer(0, Integer.MAX_VALUE));
        slips = aside.chance(SLIP_PERCENT) && mode == ThinkingMode.MAX;
        slipPlace = aside.integer(0, 999);
    }

    /// Random choices of the reasoning.
    Draw aside() {
        return aside;
    }

    /// Whether the reasoning of the `place`-th of `places` turns holds a mistake; at most one of them does.
    boolean slips(int place, int places) {
        return slips && slipPlace % places == place;
    }

    /// Text that is seen, but not learnt.
    static String mistake(String wrong) {
        return Episode.MISTAKE_START + wrong + Episode.MISTAKE_END;
    }

    Script system(String content) {
        messages.add(new Message.System(content));
        return this;
    }

    Script tools(List<ToolBox> tools) {
        messages.add(new Message.System("", ToolBox.definitions(tools)));
        return this;
    }

    Script user(String content) {
        messages.add(new Message.User(content));
        return this;
    }

    Script answer(Thought thought, String content) {
        messages.add(new Message.Assistant(content, reasoning(thought), List.of()));
        return this;
    }

    /// A turn that calls tools; [#results] follows.
    Script call(Thought thought, Call... made) {
        pending = new ArrayList<>();
        for (Call call : made) {
            pending.add(call.withId("call_" + ++calls));
        }
        messages.add(new Message.Assistant("", reasoning(thought), pending));
        return this;
    }

    Script results(String... results) {
        for (int i = 0; i < results.length; i++) {
            String id = pending.get(i).id();
            messages.add(new Message.Tool(id == null ? "" : id, results[i]));
        }
        return this;
    }

    Episode end(String key) {
        return new Episode(key, mode, messages);
    }

    private String reasoning(Thought thought) {
        return switch (mode) {
            case NON_THINK -> "";
            case HIGH -> thought.high();
            case MAX -> thought.max();
        };
    }
}
