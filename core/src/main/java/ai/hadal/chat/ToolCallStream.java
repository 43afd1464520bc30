package ai.hadal.chat;

import java.util.HashSet;
import java.util.function.Consumer;

/// The inside of a block of tool calls, read from a growing text (report, section 17, point 3).
///
/// Inside the block no special string but the block's own tags counts: a parameter may hold an end marker. The
/// value of a parameter is passed on as it comes; names and tags are passed on when they are complete.
final class ToolCallStream {

    private enum State {
        BEFORE_CALL,
        NAME,
        PARAMETER_HEAD,
        PARAMETER_VALUE,
        AFTER_PARAMETER,
        CLOSED,
        FAULTY
    }

    private static final MarkerScanner NAME_END = new MarkerScanner(Markers.PARAMETER_START, Markers.INVOKE_END);
    private static final MarkerScanner HEAD_END =
            new MarkerScanner(DsmlGrammar.STRING_TRUE, DsmlGrammar.STRING_FALSE, Markers.PARAMETER_END);
    private static final MarkerScanner VALUE_END =
            new MarkerScanner("<" + Markers.PARAMETER_END, "<\n" + Markers.PARAMETER_END, Markers.PARAMETER_END);

    private static final String NEXT_CALL = DsmlGrammar.TAG_REST + Markers.INVOKE_START;
    private static final String END_OF_CALLS = DsmlGrammar.TAG_REST + Markers.TOOL_CALLS_END;
    private static final String NEXT_PARAMETER = DsmlGrammar.TAG_REST + Markers.PARAMETER_START;
    private static final String END_OF_CALL = DsmlGrammar.TAG_REST + Markers.INVOKE_END;

    private final StringBuilder text;
    private int at;
    /// Before this no end marker of the part being read begins.
    private int scanned;

    private State state = State.BEFORE_CALL;
    private String fault = "";

    private int index;
    private String name = "";
    private final HashSet<String> parameters = new HashSet<>();
    private final StringBuilder arguments = new StringBuilder();
    private boolean stringValue;

    /// @param text grows at its end and is not changed otherwise
    /// @param at where the block's start marker ended
    ToolCallStream(StringBuilder text, int at) {
        this.text = text;
        this.at = at;
    }

    /// Reads as far as the text allows.
    void advance(Consumer<? super ReplyEvent> sink) {
        while (step(sink)) {}
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    boolean isFaulty() {
        return state == State.FAULTY;
    }

    /// What is wrong, once [#isFaulty].
    String fault() {
        return fault;
    }

    /// Where the block ended, once [#isClosed].
    int end() {
        return at;
    }

    private boolean step(Consumer<? super ReplyEvent> sink) {
        return switch (state) {
            case BEFORE_CALL -> either(NEXT_CALL, State.NAME, END_OF_CALLS, State.CLOSED);
            case NAME -> name(sink);
            case PARAMETER_HEAD -> parameterHead(sink);
            case PARAMETER_VALUE -> parameterValue(sink);
            case AFTER_PARAMETER -> {
                boolean moved = either(NEXT_PARAMETER, State.PARAMETER_HEAD, END_OF_CALL, State.BEFORE_CALL);
                if (moved && state == State.BEFORE_CALL) {
                    endCall(sink);
                }
                yield moved;
            }
            case CLOSED, FAULTY -> false;
        };
    }

    /// Reads one of two tags; false if the text is not long enough to tell.
    private boolean either(String tag, State then, String otherTag, State otherwise) {
        int common = Math.max(commonLength(tag), commonLength(otherTag));
        boolean first = common == tag.length() && commonLength(tag) == common;
        if (first || (common == otherTag.length() && commonLength(otherTag) == common)) {
            moveTo(at + common, first ? then : otherwise);
            return true;
        }
        if (at + common == text.length()) {
            return false;
        }
        String found = upTo(at + common + 1);
        return fail(
                state == State.AFTER_PARAMETER ? DsmlGrammar.parameterRest(found) : DsmlGrammar.toolCallFormat(found));
    }

    /// What was read up to where it went wrong; half a surrogate pair at its end can't be shown.
    private String upTo(int end) {
        return Character.isHighSurrogate(text.charAt(end - 1))
                ? text.substring(at, end - 1) + '\ufffd'
                : text.substring(at, end);
    }

    private boolean name(Consumer<? super ReplyEvent> sink) {
        var found = NAME_END.scan(text, scanned, false);
        scanned = found.end();
        String tag = found.marker();
        if (tag == null) {
            return false;
        }
        String head = text.substring(at, found.end());
        String read = DsmlGrammar.toolName(head);
        if (read == null) {
            return fail(DsmlGrammar.toolNameFormat(head));
        }
        if (DsmlGrammar.holdsSpecialToken(read)) {
            return fail(DsmlGrammar.specialTokenInName(read));
        }
        name = read;
        parameters.clear();
        arguments.setLength(0);
        sink.accept(new ReplyEvent.ToolCallStart(index, name));
        boolean hasParameters = tag.equals(Markers.PARAMETER_START);
        moveTo(found.end() + tag.length(), hasParameters ? State.PARAMETER_HEAD : State.BEFORE_CALL);
        if (!hasParameters) {
            endCall(sink);
        }
        return true;
    }

    private boolean parameterHead(Consumer<? super ReplyEvent> sink) {
        int common = commonLength(DsmlGrammar.NAME);
        if (common < DsmlGrammar.NAME.length()) {
            return at + common < text.length() && fail(DsmlGrammar.parameterFormat(upTo(at + common + 1)));
        }
        int nameStart = at + common;
        var found = HEAD_END.scan(text, Math.max(scanned, nameStart), false);
        scanned = found.end();
        String end = found.marker();
        if (end == null) {
            return false;
        }
        if (end.equals(Markers.PARAMETER_END)) {
            return fail(DsmlGrammar.parameterFormat(text.substring(at, found.end())));
        }
        String parameter = text.substring(nameStart, found.end());
        if (DsmlGrammar.holdsSpecialToken(parameter)) {
            return fail(DsmlGrammar.specialTokenInName(parameter));
        }
        if (!parameters.add(parameter)) {
            return fail(DsmlGrammar.duplicateParameter(parameter));
        }
        stringValue = end.equals(DsmlGrammar.STRING_TRUE);
        addArguments(DsmlGrammar.memberStart(parameters.size() == 1, parameter, stringValue), sink);
        moveTo(found.end() + end.length(), State.PARAMETER_VALUE);
        return true;
    }

    private boolean parameterValue(Consumer<? super ReplyEvent> sink) {
        var found = VALUE_END.scan(text, at, false);
        String piece = text.substring(at, found.end());
        if (stringValue) {
            var escaped = new StringBuilder();
            PythonJson.escape(piece, escaped);
            piece = escaped.toString();
        }
        addArguments(piece, sink);
        String end = found.marker();
        if (end == null) {
            at = found.end();
            return false;
        }
        if (end.equals(Markers.PARAMETER_END)) {
            return fail(DsmlGrammar.parameterFormat("..." + end));
        }
        if (stringValue) {
            addArguments("\"", sink);
        }
        moveTo(found.end() + end.length(), State.AFTER_PARAMETER);
        return true;
    }

    private void endCall(Consumer<? super ReplyEvent> sink) {
        addArguments(DsmlGrammar.argumentsEnd(parameters.isEmpty()), sink);
        sink.accept(new ReplyEvent.ToolCallEnd(index, name, arguments.toString()));
        index++;
    }

    private void addArguments(String delta, Consumer<? super ReplyEvent> sink) {
        if (!delta.isEmpty()) {
            arguments.append(delta);
            sink.accept(new ReplyEvent.ToolCallArguments(index, delta));
        }
    }

    private int commonLength(String expected) {
        return MarkerScanner.commonLength(text, at, expected);
    }

    private void moveTo(int position, State next) {
        at = position;
        scanned = position;
        state = next;
    }

    private boolean fail(String reason) {
        fault = reason;
        state = State.FAULTY;
        return false;
    }
}
