package ai.hadal;

import ai.hadal.chat.Reply;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Puts the events of one reply together.
public final class ReplyCollector {

    private final IntFunction<String> callIds;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private final List<ReplyEvent.Malformed> faults = new ArrayList<>();

    /// @param callIds gives the id of the call with an index
    public ReplyCollector(IntFunction<String> callIds) {
        this.callIds = callIds;
    }

    /// Takes the next event.
    public void accept(ReplyEvent event) {
        switch (event) {
            case ReplyEvent.Text(String piece) -> text.append(piece);
            case ReplyEvent.Reasoning(String piece) -> reasoning.append(piece);
            case ReplyEvent.ToolCallEnd(int index, String name, String arguments) ->
                calls.add(new ToolCall(callIds.apply(index), name, arguments));
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
    public Reply reply() {
        return new Reply(text.toString(), reasoning.toString(), faults.isEmpty() ? calls : List.of());
    }

    /// The faults so far, one for each.
    public List<ReplyEvent.Malformed> malformed() {
        return faults;
    }
}
