package ai.hadal.chat;

import java.util.List;
import java.util.Map;
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

    static void tools(List<ToolDefinition> tools, PromptText out) {
        out.own(TOOLS);
        String between = "";
        for (ToolDefinition tool : tools) {
            out.own(between).content(PythonJson.write(tool.function()));
            between = "\n";
        }
        out.own(AFTER_SCHEMAS);
    }

    /// The block of an assistant turn's calls, with the empty line before it.
    ///
    /// @param place the message, for errors
    static void toolCalls(List<ToolCall> calls, String place, PromptText out) {
        out.own(Markers.TOOL_CALLS_START + ">\n");
        for (ToolCall call : calls) {
            out.own(Markers.INVOKE_START + " name=\"").content(call.name()).own("\">\n");
            parameters(call, place, out);
            out.own("\n" + Markers.INVOKE_END + ">\n");
        }
        out.own(Markers.TOOL_CALLS_END);
    }

    private static void parameters(ToolCall call, String place, PromptText out) {
        JsonNode arguments = PythonJson.tryParse(call.argumentsJson());
        if (arguments == null) {
            parameter("arguments", true, call.argumentsJson(), out);
            return;
        }
        if (!arguments.isObject()) {
            String kind = PythonText.type(arguments);
            throw new ChatException(
                    new ChatException.Problem.ArgumentsNotObject(kind),
                    "%s: the arguments of the call of '%s' are JSON of type %s: give an object of parameters"
                            .formatted(place, call.name(), kind));
        }
        String between = "";
        for (Map.Entry<String, JsonNode> member : arguments.properties()) {
            JsonNode value = member.getValue();
            boolean string = value.isString();
            out.own(between);
            parameter(member.getKey(), string, string ? value.stringValue() : PythonJson.write(value), out);
            between = "\n";
        }
    }

    private static void parameter(String key, boolean string, String value, PromptText out) {
        out.own(Markers.PARAMETER_START + " name=\"")
                .content(key)
                .own("\" string=\"" + string + "\">")
                .content(value)
                .own("<" + Markers.PARAMETER_END + ">");
    }
}
