package ai.hadal.server.reply;

import ai.hadal.chat.ToolChoice;
import ai.hadal.chat.ToolDefinition;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// [Rules] as JSON, for the audit log.
final class RulesJson {

    private RulesJson() {}

    static ObjectNode write(Rules rules) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("chat", rules.chat())
                .put("reasons", rules.reasons())
                .put("parallel_tool_calls", rules.parallelToolCalls())
                .put("max_thinking_tokens", rules.maxThinkingTokens());
        var tools = json.putArray("tools");
        rules.tools().forEach(tool -> tools.add(tool.function()));
        switch (rules.toolChoice()) {
            case ToolChoice.Auto _ -> json.put("tool_choice", "auto");
            case ToolChoice.None _ -> json.put("tool_choice", "none");
            case ToolChoice.Required _ -> json.put("tool_choice", "required");
            case ToolChoice.Named(String name) -> json.putObject("tool_choice").put("name", name);
        }
        var format = json.putObject("format");
        switch (rules.format()) {
            case Format.Free _ -> format.put("type", "text");
            case Format.JsonObject _ -> format.put("type", "json_object");
            case Format.JsonSchema(JsonNode schema, boolean strict) ->
                format.put("type", "json_schema").put("strict", strict).set("schema", schema);
            case Format.Gbnf(String grammar) -> format.put("type", "grammar").put("grammar", grammar);
        }
        return json;
    }

    static Rules read(JsonNode json) {
        var tools = new ArrayList<ToolDefinition>();
        json.path("tools").forEach(tool -> tools.add(new ToolDefinition(tool)));
        return new Rules(
                json.path("chat").asBoolean(),
                json.path("reasons").asBoolean(),
                tools,
                choice(json.path("tool_choice")),
                json.path("parallel_tool_calls").asBoolean(),
                format(json.path("format")),
                json.path("max_thinking_tokens").asInt());
    }

    private static ToolChoice choice(JsonNode json) {
        if (json.isObject()) {
            return new ToolChoice.Named(json.path("name").asString());
        }
        return switch (json.asString()) {
            case "auto" -> new ToolChoice.Auto();
            case "required" -> new ToolChoice.Required();
            default -> new ToolChoice.None();
        };
    }

    private static Format format(JsonNode json) {
        return switch (json.path("type").asString()) {
            case "json_object" -> new Format.JsonObject();
            case "json_schema" ->
                new Format.JsonSchema(json.path("schema"), json.path("strict").asBoolean());
            case "grammar" -> new Format.Gbnf(json.path("grammar").asString());
            default -> Format.FREE;
        };
    }
}
