package ai.hadal.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses a complete reply exactly like the official code (report, section 17), its lenient corners included: a
/// text that ends just after a tag of the tool-call block counts as complete. [ReplyStream] does the same piece by
/// piece and is stricter about that.
public final class ReplyParser {

    private final String text;
    private int at;
    /// What stopped the last [#readUntil], null at the end of the text.
    private @Nullable String stop;

    private ReplyParser(String text) {
        this.text = text;
    }

    /// Parses what the model produced after its prompt, end marker included.
    ///
    /// @param thinking the prompt ended with [Markers#THINK_START]
    /// @throws MalformedReplyException if the text does not follow the protocol
    public static Reply parse(String completion, boolean thinking) {
        return new ReplyParser(completion).parse(thinking);
    }

    private Reply parse(boolean thinking) {
        String reasoning = "";
        if (thinking) {
            reasoning = readUntil(Markers.THINK_END, Markers.TOOL_CALLS_START);
            require(Markers.THINK_END.equals(stop), DsmlGrammar.MISSING_THINK_END);
        }
        String content = readUntil(Markers.END_OF_SENTENCE, Markers.TOOL_CALLS_START);
        require(stop != null, "Invalid format: missing EOS token");
        List<ToolCall> calls = List.of();
        if (Markers.TOOL_CALLS_START.equals(stop)) {
            calls = toolCalls();
            require(readUntil(Markers.END_OF_SENTENCE).isEmpty(), DsmlGrammar.CONTENT_AFTER_TOOL_CALLS);
        }
        require(at == text.length(), DsmlGrammar.CONTENT_AT_END);
        for (String marker : List.of(
                Markers.BEGIN_OF_SENTENCE,
                Markers.END_OF_SENTENCE,
                Markers.THINK_START,
                Markers.THINK_END,
                Markers.DSML)) {
            require(!content.contains(marker) && !reasoning.contains(marker), DsmlGrammar.specialToken(marker));
        }
        return new Reply(content, reasoning, calls);
    }

    private List<ToolCall> toolCalls() {
        var calls = new ArrayList<ToolCall>();
        while (at < text.length()) {
            String rest = readUntil(Markers.INVOKE_START, Markers.TOOL_CALLS_END);
            if (!rest.equals(DsmlGrammar.TAG_REST)) {
                throw inToolCalls(DsmlGrammar.toolCallFormat(rest));
            }
            if (Markers.TOOL_CALLS_END.equals(stop)) {
                break;
            }
            if (stop == null) {
                throw inToolCalls("Missing special token in tool calls");
            }
            calls.add(toolCall());
        }
        return calls;
    }

    private ToolCall toolCall() {
        String head = readUntil(Markers.PARAMETER_START, Markers.INVOKE_END);
        String name = DsmlGrammar.toolName(head);
        if (name == null) {
            throw inToolCalls(DsmlGrammar.toolNameFormat(head));
        }
        var arguments = new StringBuilder();
        var names = new HashSet<String>();
        while (Markers.PARAMETER_START.equals(stop)) {
            parameter(names, arguments);
            String rest = readUntil(Markers.PARAMETER_START, Markers.INVOKE_END);
            if (!rest.equals(DsmlGrammar.TAG_REST)) {
                throw inToolCalls(DsmlGrammar.parameterRest(rest));
            }
        }
        return new ToolCall(
                null,
                name,
                arguments.append(DsmlGrammar.argumentsEnd(names.isEmpty())).toString());
    }

    /// ` name="KEY" string="true|false">VALUE<`, where a line end may follow the last bracket.
    private void parameter(Set<String> names, StringBuilder arguments) {
        String parameter = readUntil(Markers.PARAMETER_END);
        String body = parameter.endsWith("\n") ? parameter.substring(0, parameter.length() - 1) : parameter;
        int start = DsmlGrammar.NAME.length();
        int asString = parameter.indexOf(DsmlGrammar.STRING_TRUE, start);
        int asJson = parameter.indexOf(DsmlGrammar.STRING_FALSE, start);
        boolean string = asString >= 0 && (asJson < 0 || asString < asJson);
        int nameEnd = string ? asString : asJson;
        if (!parameter.startsWith(DsmlGrammar.NAME) || nameEnd < 0 || !body.endsWith("<")) {
            throw inToolCalls(DsmlGrammar.parameterFormat(parameter));
        }
        String name = parameter.substring(start, nameEnd);
        if (!names.add(name)) {
            throw inToolCalls(DsmlGrammar.duplicateParameter(name));
        }

        int valueStart = nameEnd + (string ? DsmlGrammar.STRING_TRUE : DsmlGrammar.STRING_FALSE).length();
        String value = body.substring(valueStart, body.length() - 1);
        arguments.append(DsmlGrammar.memberStart(names.size() == 1, name, string));
        if (string) {
            PythonJson.escape(value, arguments);
            arguments.append('"');
        } else {
            arguments.append(value);
        }
    }

    /// Returns the text up to the earliest of the stops and moves behind it; without one, all the rest.
    private String readUntil(String... stops) {
        int start = at;
        for (int i = start; i < text.length(); i++) {
            for (String candidate : stops) {
                if (text.startsWith(candidate, i)) {
                    at = i + candidate.length();
                    stop = candidate;
                    return text.substring(start, i);
                }
            }
        }
        at = text.length();
        stop = null;
        return text.substring(start);
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new MalformedReplyException(reason, false);
        }
    }

    private static MalformedReplyException inToolCalls(String reason) {
        return new MalformedReplyException(reason, true);
    }
}
