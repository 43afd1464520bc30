package ai.hadal;

import ai.hadal.chat.Reply;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;

/// Puts the events of one reply together.
final class ReplyCollector {

    private final String callIdPrefix;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private final List<ReplyEvent.Malformed> faults = new ArrayList<>();

    /// @param callIdPrefix what the ids of calls begin with; their number follows
    ReplyCollector(String callIdPrefix) {
        this.callIdPrefix = callIdPrefix;
    }

    void accept(ReplyEvent event) {
        switch (event) {
            case ReplyEvent.Text(String piece) -> text.append(piece);
            case ReplyEvent.Reasoning(String piece) -> reasoning.append(piece);
            case ReplyEvent.ToolCallEnd(int index, String name, String arguments) ->
                calls.add(new ToolCall(callIdPrefix + index, name, arguments));
            case ReplyEvent.Malformed fault -> malformed(fault);
            case ReplyEvent.ToolCallStart _, ReplyEvent.ToolCallArguments _, ReplyEvent.End _ -> {}
        }
    }

    private void malformed(ReplyEvent.Malformed next) {
        if (!faults.isEmpty() && faults.getLast().reason().equals(next.reason())) {
            var last = faults.removeLast();
            faults.add(new ReplyEvent.Malformed(last.reason(), last.raw() + next.raw()));
        } else {
            faults.add(next);
        }
    }

    /// The reply so far. A fault in or after the calls takes back all of them.
    Reply reply() {
        return new Reply(text.toString(), reasoning.toString(), faults.isEmpty() ? calls : List.of());
    }

    List<ReplyEvent.Malformed> malformed() {
        return faults;
    }
}
