package ai.hadal.server.openai;

import ai.hadal.chat.ToolDefinition;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.FunctionRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The tools of a request of the responses API. The model knows functions alone: a custom tool is one with a single
/// text, and a tool in a namespace has its name behind that of the namespace. Their calls are told as the client
/// offered them.
///
/// Tools that a service would run itself, such as a web search, are passed over if there are others, since agents
/// offer them to every server.
final class ResponseTools {

    /// The text of a custom tool among the arguments of the function that stands for it.
    static final String INPUT = "input";

    private static final String BETWEEN = "__";
    private static final String FUNCTION = "function";
    private static final String CUSTOM = "custom";
    private static final String NAMESPACE = "namespace";

    /// A tool as the client knows it.
    ///
    /// @param name its name there
    /// @param custom whether it takes a text instead of arguments
    record Tool(String name, @Nullable String namespace, boolean custom) {}

    private final List<ToolDefinition> definitions = new ArrayList<>();
    private final Map<String, Tool> tools = new HashMap<>();
    private final List<JsonNode> told = new ArrayList<>();
    private final List<String> passedOver = new ArrayList<>();
    private final List<String> unenforced = new ArrayList<>();

    private ResponseTools() {}

    /// @throws ApiException if a tool is wrong, or if there are only tools that this server does not run
    static ResponseTools read(Fields body) {
        var tools = new ResponseTools();
        @Nullable Fields foreign = null;
        int at = 0;
        for (JsonNode json : body.list("tools")) {
            var tool = new Fields(json, "tools[" + at++ + "]");
            if (!tools.add(tool, null)) {
                tools.passedOver.add(type(tool));
                foreign = foreign == null ? tool : foreign;
            }
        }
        if (foreign != null && tools.definitions.isEmpty()) {
            throw ApiException.invalid(
                    foreign.place("type"),
                    "'" + foreign.place("type") + "' is '" + type(foreign)
                            + "', a tool that this server does not run; offer functions and run them yourself");
        }
        FunctionRules.count(tools.definitions);
        return tools;
    }

    private static String type(Fields tool) {
        return tool.string("type", FUNCTION);
    }

    /// @return whether it is a tool that the model may call
    private boolean add(Fields tool, @Nullable String namespace) {
        switch (type(tool)) {
            case FUNCTION -> {
                ToolFields.definition(tool);
                add(tool, namespace, function(tool));
            }
            case CUSTOM -> add(tool, namespace, custom(tool));
            case NAMESPACE -> {
                String name = FunctionRules.name(tool);
                int at = 0;
                for (JsonNode json : tool.list("tools")) {
                    var inner = new Fields(json, tool.place("tools") + "[" + at++ + "]");
                    if (!add(inner, name)) {
                        passedOver.add(type(inner));
                    }
                }
            }
            default -> {
                return false;
            }
        }
        if (namespace == null) {
            told.add(type(tool).equals(FUNCTION) ? function(tool, tool.bool("strict", false)) : tool.json());
        }
        return true;
    }

    private void add(Fields tool, @Nullable String namespace, ObjectNode function) {
        String own = FunctionRules.name(tool);
        String name = name(namespace, own);
        definitions.add(new ToolDefinition(function.put("name", FunctionRules.name(name, tool.place("name")))));
        tools.put(name, new Tool(own, namespace, type(tool).equals(CUSTOM)));
    }

    /// The name by which the model knows a tool.
    static String name(@Nullable String namespace, String name) {
        if (namespace == null) {
            return name;
        }
        return namespace + (namespace.endsWith(BETWEEN) ? "" : BETWEEN) + name;
    }

    private static ObjectNode function(Fields tool) {
        ObjectNode function = JsonNodeFactory.instance.objectNode();
        for (String field : new String[] {"name", "description", "parameters"}) {
            JsonNode value = tool.value(field);
            if (value != null) {
                function.set(field, value);
            }
        }
        return tool.bool("strict", false) ? function.put("strict", true) : function;
    }

    private static ObjectNode function(Fields tool, boolean strict) {
        return function(tool).put("type", FUNCTION).put("strict", strict);
    }

    /// A grammar of the text is told to the model, but the text is not held to it.
    private ObjectNode custom(Fields tool) {
        String description = tool.string("description", "");
        var format = tool.object("format");
        if (format != null && format.string("type", "text").equals("grammar")) {
            description += "\n\nThe " + INPUT + " follows this " + format.string("syntax", "") + " grammar:\n"
                    + format.requiredString("definition");
            unenforced.add(FunctionRules.name(tool) + "#/format");
        }
        ObjectNode function = JsonNodeFactory.instance.objectNode().put("name", FunctionRules.name(tool));
        function.put("description", description.strip());
        ObjectNode parameters = function.putObject("parameters").put("type", "object");
        parameters.putObject("properties").putObject(INPUT).put("type", "string");
        parameters.putArray("required").add(INPUT);
        parameters.put("additionalProperties", false);
        return function;
    }

    /// As the model knows them.
    List<ToolDefinition> definitions() {
        return definitions;
    }

    /// The tool that the model calls by a name.
    Tool tool(String name) {
        return tools.getOrDefault(name, new Tool(name, null, false));
    }

    /// As the response tells them.
    List<JsonNode> told() {
        return told;
    }

    /// Types of tools that are none to the model.
    List<String> passedOver() {
        return passedOver;
    }

    /// Formats of custom tools that their texts are not held to, as in the header of unenforced keywords.
    List<String> unenforced() {
        return unenforced;
    }
}
