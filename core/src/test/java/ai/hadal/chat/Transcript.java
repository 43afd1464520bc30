package ai.hadal.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Collects the events of one stream and joins pieces that continue each other, so that only contents compare.
final class Transcript implements Consumer<ReplyEvent> {

    private final List<ReplyEvent> events = new ArrayList<>();

    static List<ReplyEvent> of(boolean reasoning, boolean sawEos, List<String> chunks) {
        return stream(reasoning, sawEos, chunks).events;
    }

    static Transcript stream(boolean reasoning, boolean sawEos, List<String> chunks) {
        var transcript = new Transcript();
        var stream = new ReplyStream(reasoning);
        chunks.forEach(chunk -> stream.accept(chunk, transcript));
        stream.finish(sawEos, transcript);
        return transcript;
    }

    @Override
    public void accept(ReplyEvent event) {
        ReplyEvent last = events.isEmpty() ? null : events.getLast();
        ReplyEvent joined = switch (event) {
            case ReplyEvent.Text(String text)
            when last instanceof ReplyEvent.Text(String before) -> new ReplyEvent.Text(before + text);
            case ReplyEvent.Reasoning(String text)
            when last instanceof ReplyEvent.Reasoning(String before) -> new ReplyEvent.Reasoning(before + text);
            case ReplyEvent.ToolCallArguments(int index, String delta)
            when last instanceof ReplyEvent.ToolCallArguments(int same, String before) && index == same ->
                new ReplyEvent.ToolCallArguments(index, before + delta);
            case ReplyEvent.Malformed(String reason, String raw)
            when last instanceof ReplyEvent.Malformed(String same, String before) && reason.equals(same) ->
                new ReplyEvent.Malformed(reason, before + raw);
            default -> null;
        };
        if (joined != null) {
            events.removeLast();
        }
        events.add(joined == null ? event : joined);
    }

    List<ReplyEvent> events() {
        return events;
    }

    boolean isWellFormed() {
        return events.stream().noneMatch(ReplyEvent.Malformed.class::isInstance)
                && events.getLast().equals(new ReplyEvent.End(true));
    }

    boolean isCutOffInToolCalls() {
        return events.stream()
                .anyMatch(event -> event instanceof ReplyEvent.Malformed malformed
                        && malformed.reason().equals("The reply ends inside the tool calls"));
    }

    boolean hasMarkupInName() {
        return only(ReplyEvent.Malformed.class)
                .anyMatch(fault -> fault.reason().startsWith("Unexpected special token in name '"));
    }

    String text() {
        return only(ReplyEvent.Text.class).map(ReplyEvent.Text::text).collect(Collectors.joining());
    }

    String reasoning() {
        return only(ReplyEvent.Reasoning.class).map(ReplyEvent.Reasoning::text).collect(Collectors.joining());
    }

    /// The reply these events add up to, calls taken from their pieces.
    Reply reply() {
        var calls = only(ReplyEvent.ToolCallEnd.class)
                .map(end -> {
                    String pieces = only(ReplyEvent.ToolCallArguments.class)
                            .filter(piece -> piece.index() == end.index())
                            .map(ReplyEvent.ToolCallArguments::delta)
                            .collect(Collectors.joining());
                    if (!pieces.equals(end.arguments())) {
                        throw new AssertionError("pieces " + pieces + " differ from " + end);
                    }
                    return new ToolCall(null, end.name(), pieces);
                })
                .toList();
        return new Reply(text(), reasoning(), calls);
    }

    <T extends ReplyEvent> java.util.stream.Stream<T> only(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }
}
