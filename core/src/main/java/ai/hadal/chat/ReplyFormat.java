package ai.hadal.chat;

import ai.hadal.grammar.JsonSchemaGrammar.Manner;
import tools.jackson.databind.JsonNode;

/// What the text of a reply must look like. Formats that say the same are equal, so that [ReplyGrammars] makes their
/// grammar once.
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

    /// A text of a grammar in GBNF, see [ai.hadal.grammar.Gbnf].
    record InGrammar(String gbnf) implements ReplyFormat {}
}
