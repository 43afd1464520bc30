package ai.hadal.server.reply;

import tools.jackson.databind.JsonNode;

/// What an answer must look like.
public sealed interface Format {

    /// Text.
    record Free() implements Format {}

    /// Any JSON object.
    record JsonObject() implements Format {}

    /// JSON that a schema accepts.
    ///
    /// @param strict a schema that cannot be held to in all it says is refused
    record JsonSchema(JsonNode schema, boolean strict) implements Format {}

    /// A text of a grammar in GBNF.
    record Gbnf(String grammar) implements Format {}

    Format FREE = new Free();
}
