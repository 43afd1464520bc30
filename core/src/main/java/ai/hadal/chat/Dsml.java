package ai.hadal.chat;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The tool-call markup: how tools are explained to the model and how its calls are printed (report, section 16.3).
final class Dsml {

    private static final String TOOLS = """
        ## Tools

        You have access to a set of tools to help answer the user's question. You can invoke tools by writing a \
        "<｜DSML｜tool_calls>" block like the following:

        <｜DSML｜tool_calls>
        <｜DSML｜invoke name="$TOOL_NAME">
        <｜DSML｜parameter name="$PARAMETER_NAME" string="true|false">$PARAMETER_VALUE</｜DSML｜parameter>
        ...
        </｜DSML｜invoke>
        <｜DSML｜invoke name="$TOOL_NAME2">
        ...
        </｜DSML｜invoke>
        </｜DSML｜tool_calls>

        String parameters should be specified as is and set `string="true"`. For all other types (numbers, \
        booleans, arrays, objects), pass the value in JSON format and set `string="false"`.

        If thinking_mode is enabled (triggered by <think>), you MUST output your complete reasoning inside \
        <think>...</think> BEFORE any tool calls or final response.

        Otherwise, output directly after </think> with tool calls or final response.

        ### Available Tool Schemas

        """;

    private static final String AFTER_SCHEMAS = """


        You MUST strictly follow the above defined tool name and parameter schemas to invoke tool calls.
        """;

    private Dsml() {}

    static String tools(List<ToolDefinition> tools) {
        return tools.stream()
                .map(tool -> PythonJson.write(tool.function()))
                .collect(Collectors.joining("\n", TOOLS, AFTER_SCHEMAS));
    }

    /// The block of an assistant turn's calls, with the empty line before it.
    ///
    /// @param place the message, for errors
    static String toolCalls(List<ToolCall> calls, String place) {
        return calls.stream()
                .map(call -> invoke(call, place))
                .collect(Collectors.joining("\n", Markers.TOOL_CALLS_START + ">\n", "\n" + Markers.TOOL_CALLS_END));
    }

    private static String invoke(ToolCall call, String place) {
        return Markers.INVOKE_START
                + " name=\"" + call.name() + "\">\n"
                + parameters(call, place)
                + "\n" + Markers.INVOKE_END + ">";
    }

    private static String parameters(ToolCall call, String place) {
        JsonNode arguments = PythonJson.tryParse(call.argumentsJson());
        if (arguments == null) {
            return parameter("arguments", true, call.argumentsJson());
        }
        if (!arguments.isObject()) {
            String kind = PythonText.type(arguments);
            throw new ChatException(
                    new ChatException.Problem.ArgumentsNotObject(kind),
                    "%s: the arguments of the call of '%s' are JSON of type %s: give an object of parameters"
                            .formatted(place, call.name(), kind));
        }
        return arguments.properties().stream()
                .map(member -> {
                    JsonNode value = member.getValue();
                    boolean string = value.isString();
                    return parameter(member.getKey(), string, string ? value.stringValue() : PythonJson.write(value));
                })
                .collect(Collectors.joining("\n"));
    }

    private static String parameter(String key, boolean string, String value) {
        return Markers.PARAMETER_START
                + " name=\"" + key + "\" string=\"" + string + "\">"
                + value
                + "<" + Markers.PARAMETER_END + ">";
    }
}
