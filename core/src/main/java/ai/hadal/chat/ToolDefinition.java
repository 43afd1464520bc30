package ai.hadal.chat;

import tools.jackson.databind.JsonNode;

/// A tool the model may call: the `function` object of an OpenAI tool with its `name`, `description` and
/// `parameters` (a JSON Schema). It is printed as it is, members in their order.
public record ToolDefinition(JsonNode function) {

    public ToolDefinition {
        function = function.deepCopy();
    }

    /// The definition in a JSON text such as `{"name": "lookup", "parameters": {...}}`.
    ///
    /// @throws ai.hadal.error.HadalException if the text is not JSON
    public static ToolDefinition parse(String json) {
        return new ToolDefinition(PythonJson.parse("tool definition", json));
    }
}
