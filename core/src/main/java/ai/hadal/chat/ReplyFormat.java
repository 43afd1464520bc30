package ai.hadal.chat;

import ai.hadal.grammar.Grammar;
import ai.hadal.grammar.JsonSchemaGrammar.Manner;
import tools.jackson.databind.JsonNode;

/// What the text of a reply must look like.
public sealed interface ReplyFormat {

    /// Anything.
    record Text() implements ReplyFormat {}

    /// A JSON object.
    record JsonObject() implements ReplyFormat {}

    /// JSON that satisfies a schema.
    record JsonSchema(JsonNode schema, Manner manner) implements ReplyFormat {
        public JsonSchema {
            schema = schema.deepCopy();
        }
    }

    /// A text of the grammar.
    record InGrammar(Grammar grammar) implements ReplyFormat {}
}
