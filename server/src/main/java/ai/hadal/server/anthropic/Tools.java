package ai.hadal.server.anthropic;

import ai.hadal.chat.ToolChoice;
import ai.hadal.chat.ToolDefinition;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.FunctionRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tools as the Messages API spells them.
final class Tools {

    private Tools() {}

    static List<ToolDefinition> read(Fields body) {
        var tools = new ArrayList<ToolDefinition>();
        for (JsonNode json : body.list("tools")) {
            tools.add(definition(new Fields(json, "tools[" + tools.size() + "]")));
        }
        FunctionRules.count(tools);
        return tools;
    }

    private static ToolDefinition definition(Fields tool) {
        String type = tool.string("type", "custom");
        if (!type.equals("custom")) {
            throw ApiException.invalid(
                    tool.place("type"),
                    "'" + tool.place("type") + "' is '" + type + "', a tool of Anthropic's own that the model does not"
                            + " know; offer it as a tool with an 'input_schema'");
        }
        String name = FunctionRules.name(tool);
        ObjectNode function = JsonNodeFactory.instance.objectNode().put("name", name);
        String description = tool.string("description");
        if (description != null) {
            function.put("description", description);
        }
        var schema = new Fields(tool.required("input_schema"), tool.place("input_schema"));
        function.set("parameters", schema.json());
        if (tool.bool("strict", false)) {
            function.put("strict", true);
        }
        return new ToolDefinition(function);
    }

    static ToolChoice choice(Fields body, List<ToolDefinition> tools) {
        var choice = body.object("tool_choice");
        if (choice == null) {
            return tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto();
        }
        choice.required("type");
        String type = choice.oneOf("type", "", Set.of("auto", "any", "tool", "none"));
        if (tools.isEmpty() && (type.equals("any") || type.equals("tool"))) {
            throw ApiException.invalid(
                    "tool_choice", "'tool_choice' demands a call, but there are no tools; offer some");
        }
        return switch (type) {
            case "any" -> new ToolChoice.Required();
            case "tool" -> named(choice.requiredString("name"), tools);
            case "none" -> new ToolChoice.None();
            default -> tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto();
        };
    }

    private static ToolChoice named(String name, List<ToolDefinition> tools) {
        if (tools.stream()
                .noneMatch(tool -> tool.function().path("name").asString("").equals(name))) {
            throw ApiException.invalid(
                    "tool_choice.name", "'tool_choice.name' is '" + name + "', which is not among the tools; offer it");
        }
        return new ToolChoice.Named(name);
    }

    /// Whether the model may make several calls in one answer.
    static boolean parallel(Fields body) {
        var choice = body.object("tool_choice");
        return choice == null || !choice.bool("disable_parallel_tool_use", false);
    }
}
