package ai.hadal.train.nano;

import ai.hadal.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;

/// The tools of the curriculum, each with one text parameter and the shortest schema that says so.
enum ToolBox {
    CALCULATE("calculate", "expression", "Compute an expression."),
    GET_TIME("get_time", "city", "The time in a city."),
    GET_WEATHER("get_weather", "city", "The weather in a city."),
    READ_FILE("read_file", "path", "Read a file."),
    LIST_FILES("list_files", "folder", "List a folder."),
    LOOKUP("lookup", "key", "Look up a value.");

    private static final int MOST_OFFERED = 4;

    private final String parameter;
    private final String called;
    private final ToolDefinition definition;

    ToolBox(String called, String parameter, String description) {
        this.called = called;
        this.parameter = parameter;
        definition = ToolDefinition.parse("""
                {"name": "%s", "description": "%s", "parameters": {"type": "object", "properties": {"%s": {"type": "string"}}, "required": ["%s"]}}""".formatted(called, description, parameter, parameter));
    }

    Call with(String value) {
        return new Call(called, parameter, value);
    }

    String called() {
        return called;
    }

    /// The tools that are needed and some that are not, four at most, in any order.
    static List<ToolBox> offer(Draw draw, List<ToolBox> needed) {
        var rest = new ArrayList<>(List.of(values()));
        rest.removeAll(needed);
        var offered = new ArrayList<>(needed);
        offered.addAll(draw.some(rest, draw.integer(needed.isEmpty() ? 1 : 0, MOST_OFFERED - needed.size())));
        return draw.some(offered, offered.size());
    }

    static List<ToolDefinition> definitions(List<ToolBox> tools) {
        return tools.stream().map(tool -> tool.definition).toList();
    }
}
