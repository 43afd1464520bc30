package ai.hadal.chat;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Parses a reply while it is generated: pieces of text in, [ReplyEvent]s out. One stream reads one reply;
/// it is not thread-safe.
///
/// **Pieces may be cut anywhere.** Only text that could still become markup is held back (some twenty
/// characters at most; inside a block of calls also a name that has not ended), and the events' joined
/// contents do not depend on the cuts. A well-formed reply gives exactly what [ReplyParser] gives. Time is
/// linear in the text.
///
/// **Malformed replies** raise no exception and never leak markup into text or reasoning. What the protocol
/// has no place for is passed on as [ReplyEvent.Malformed], raw, and what came before stays delivered:
///
/// - A special string inside the answer (begin marker, `<think>`, `</think>`, `｜DSML｜` with or without its
///   angle bracket): all from there to the end of the reply is raw.
/// - The same inside the reasoning, or a block of calls there: raw until `</think>`, after which the answer
///   is read normally.
/// - A fault in the block of calls, a special string in a name there, or a reply that ends inside it: the
///   whole block from its start marker to the end of the reply is raw, calls that had ended included.
/// - Text after the block, or after the end marker: that text is raw.
/// - An end marker inside the reasoning: an empty raw piece reports the missing answer.
///
/// [ReplyParser] accepts a reply exactly if this stream reports nothing malformed and a complete end, with
/// two exceptions, malformed here even where the official parser lets them pass: replies cut off inside the
/// block of calls, and special strings in names of tools and parameters.
public final class ReplyStream {

    private enum State {
        REASONING,
        ANSWER,
        TOOL_CALLS,
        /// Nothing that comes here is well-formed.
        MISPLACED
    }

    private static final MarkerScanner PROSE = new MarkerScanner(
            Markers.TOOL_CALLS_START,
            Markers.BEGIN_OF_SENTENCE,
            Markers.END_OF_SENTENCE,
            Markers.THINK_START,
            Markers.THINK_END,
            Markers.DSML_OPEN,
            Markers.DSML_CLOSE,
            Markers.DSML);
    private static final MarkerScanner UNTIL_ANSWER = new MarkerScanner(Markers.THINK_END, Markers.END_OF_SENTENCE);
    private static final MarkerScanner UNTIL_END = new MarkerScanner(Markers.END_OF_SENTENCE);
    private static final MarkerScanner FOREVER = new MarkerScanner();

    private static final String CUT_OFF = "The reply ends inside the tool calls";

    private final StringBuilder pending = new StringBuilder();
    private int at;
    private State state;
    private boolean complete;
    private boolean finished;

    private @Nullable ToolCallStream toolCalls;
    private String fault = "";
    private MarkerScanner faultEnd = FOREVER;

    /// @param reasoning the prompt ended with [Markers#THINK_START], see [ChatPrompt#replyStream]
    public ReplyStream(boolean reasoning) {
        state = reasoning ? State.REASONING : State.ANSWER;
    }

    /// Whether what comes next belongs to the reasoning.
    public boolean inReasoning() {
        return state == State.REASONING;
    }

    /// Reads the next piece of text and passes on what it settles. An end marker may be part of the text.
    ///
    /// @throws IllegalStateException after [#finish]
    public void accept(String chunk, Consumer<? super ReplyEvent> sink) {
        if (finished) {
            throw new IllegalStateException("The reply is finished already");
        }
        pending.append(chunk);
        advance(false, sink);
        // A block of calls is kept whole: it is reported raw if a fault shows up.
        if (state != State.TOOL_CALLS) {
            pending.delete(0, at);
            at = 0;
        }
    }

    /// Says that no more text comes, passes on what was held back, and ends with [ReplyEvent.End].
    ///
    /// @param sawEos the model ended its reply with an end marker that is not part of the text
    /// @throws IllegalStateException if called twice
    public void finish(boolean sawEos, Consumer<? super ReplyEvent> sink) {
        if (finished) {
            throw new IllegalStateException("The reply is finished already");
        }
        finished = true;
        advance(true, sink);
        if (sawEos) {
            endReply(sink);
        }
        sink.accept(new ReplyEvent.End(complete));
    }

    private void advance(boolean last, Consumer<? super ReplyEvent> sink) {
        boolean moved = true;
        while (moved) {
            moved = switch (state) {
                case REASONING, ANSWER -> prose(last, sink);
                case TOOL_CALLS -> toolCalls(last, sink);
                case MISPLACED -> misplaced(last, sink);
            };
        }
    }

    private boolean prose(boolean last, Consumer<? super ReplyEvent> sink) {
        var found = PROSE.scan(pending, at, last);
        if (found.end() > at) {
            String text = pending.substring(at, found.end());
            sink.accept(state == State.REASONING ? new ReplyEvent.Reasoning(text) : new ReplyEvent.Text(text));
            at = found.end();
        }
        String marker = found.marker();
        if (marker == null) {
            return false;
        }
        boolean reasoning = state == State.REASONING;
        if (marker.equals(Markers.END_OF_SENTENCE)) {
            at += marker.length();
            endReply(sink);
        } else if (reasoning && marker.equals(Markers.THINK_END)) {
            at += marker.length();
            state = State.ANSWER;
        } else if (reasoning && marker.equals(Markers.TOOL_CALLS_START)) {
            misplacedFrom(DsmlGrammar.MISSING_THINK_END, UNTIL_ANSWER);
        } else if (marker.equals(Markers.TOOL_CALLS_START)) {
            openToolCalls(marker.length());
        } else {
            String special = marker.contains(Markers.DSML) ? Markers.DSML : marker;
            misplacedFrom(DsmlGrammar.specialToken(special), reasoning ? UNTIL_ANSWER : UNTIL_END);
        }
        return true;
    }

    /// Keeps the pending text from the start marker on for as long as the block is open.
    private void openToolCalls(int markerLength) {
        pending.delete(0, at);
        at = 0;
        toolCalls = new ToolCallStream(pending, markerLength);
        state = State.TOOL_CALLS;
    }

    private boolean toolCalls(boolean last, Consumer<? super ReplyEvent> sink) {
        ToolCallStream calls = Objects.requireNonNull(toolCalls);
        calls.advance(sink);
        if (calls.isClosed()) {
            at = calls.end();
            complete = true;
            misplacedFrom(DsmlGrammar.CONTENT_AFTER_TOOL_CALLS, UNTIL_END);
            return true;
        }
        if (calls.isFaulty() || last) {
            misplacedFrom(calls.isFaulty() ? calls.fault() : CUT_OFF, UNTIL_END);
            return true;
        }
        return false;
    }

    private boolean misplaced(boolean last, Consumer<? super ReplyEvent> sink) {
        var found = faultEnd.scan(pending, at, last);
        if (found.end() > at) {
            sink.accept(new ReplyEvent.Malformed(fault, pending.substring(at, found.end())));
            at = found.end();
        }
        String marker = found.marker();
        if (marker == null) {
            return false;
        }
        at += marker.length();
        if (marker.equals(Markers.THINK_END)) {
            state = State.ANSWER;
        } else {
            endReply(sink);
        }
        return true;
    }

    private void endReply(Consumer<? super ReplyEvent> sink) {
        if (state == State.REASONING) {
            sink.accept(new ReplyEvent.Malformed(DsmlGrammar.MISSING_THINK_END, ""));
        }
        complete = true;
        misplacedFrom(DsmlGrammar.CONTENT_AT_END, FOREVER);
    }

    private void misplacedFrom(String reason, MarkerScanner end) {
        fault = reason;
        faultEnd = end;
        state = State.MISPLACED;
    }
}
