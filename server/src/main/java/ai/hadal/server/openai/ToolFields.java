package ai.hadal.server.openai;

import ai.hadal.chat.ToolChoice;
import ai.hadal.chat.ToolDefinition;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.FunctionRules;
import ai.hadal.server.reply.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Tools and formats as the chat API spells them.
final class ToolFields {

    private ToolFields() {}

    static List<ToolDefinition> tools(Fields body) {
        var tools = new ArrayList<ToolDefinition>();
        for (JsonNode json : body.list("tools")) {
            var tool = new Fields(json, body.place("tools") + "[" + tools.size() + "]");
            String type = tool.string("type", "function");
            if (!type.equals("function")) {
                throw ApiException.invalid(
                        tool.place("type"), "'" + tool.place("type") + "' is '" + type + "'; only functions are known");
            }
            var function = new Fields(tool.required("function"), tool.place("function"));
            tools.add(definition(function));
        }
        FunctionRules.count(tools);
        return tools;
    }

    /// Checks the definition of a function.
    static ToolDefinition definition(Fields function) {
        FunctionRules.name(function);
        function.string("description");
        function.object("parameters");
        return new ToolDefinition(function.json());
    }

    /// The arguments of a call that a client sends back. Clients have none, or null, for those of a call without
    /// parameters.
    static String arguments(String json) {
        return json.isBlank() || json.strip().equals("null") ? "{}" : json;
    }

    static ToolChoice choice(Fields body, List<ToolDefinition> tools) {
        JsonNode value = body.value("tool_choice");
        if (value == null) {
            return tools.isEmpty() ? new ToolChoice.None() : new ToolChoice.Auto();
        }
        var choice = value.isString()
                ? choice(body.oneOf("tool_choice", "auto", Set.of("auto", "none", "required")))
                : named(new Fields(value, "tool_choice"));
        if (choice instanceof ToolChoice.Named(String name)
                && tools.stream()
                        .noneMatch(
                                tool -> name.equals(tool.function().path("name").stringValue(null)))) {
            throw ApiException.invalid(
                    "tool_choice", "'tool_choice' names '" + name + "', which is not among the tools; offer it");
        }
        if (choice instanceof ToolChoice.Required && tools.isEmpty()) {
            throw ApiException.invalid(
                    "tool_choice", "'tool_choice' demands a call, but there are no tools; offer some");
        }
        return tools.isEmpty() ? new ToolChoice.None() : choice;
    }

    private static ToolChoice choice(String name) {
        return switch (name) {
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> new ToolChoice.Auto();
        };
    }

    private static ToolChoice named(Fields choice) {
        choice.oneOf("type", "function", Set.of("function", "custom"));
        var function = choice.object("function");
        return new ToolChoice.Named(function == null ? choice.requiredString("name") : function.requiredString("name"));
    }

    static Format format(Fields body) {
        String grammar = body.string("grammar");
        var format = body.object("response_format");
        if (format == null) {
            return grammar == null ? Format.FREE : new Format.Gbnf(grammar);
        }
        return switch (format.oneOf("type", "text", Set.of("text", "json_object", "json_schema"))) {
            case "json_object" -> new Format.JsonObject();
            case "json_schema" -> {
                var schema = new Fields(format.required("json_schema"), format.place("json_schema"));
                yield new Format.JsonSchema(
                        new Fields(schema.required("schema"), schema.place("schema")).json(),
                        schema.bool("strict", false));
            }
            default -> Format.FREE;
        };
    }
}
