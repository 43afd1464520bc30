package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.engine.Tokenizers;
import ai.hadal.error.HadalException;
import ai.hadal.grammar.GrammarVocabulary;
import ai.hadal.grammar.JsonSchemaGrammar.Manner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keywords of schemas that replies are not held to are named, or refused where the schema is strict.
class PassedOverTest {

    private static final ReplyGrammars GRAMMARS =
            new ReplyGrammars(new GrammarVocabulary(Tokenizers.at(Path.of("../models/nano"))));

    private static final String FIND = """
        {"name": "find", %s "parameters": {"type": "object", "properties": {
          "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
          "day": {"type": "string", "format": "date"}}, "if": {"required": ["day"]}}}""";

    private static final JsonNode SCHEMA =
            JsonMapper.shared().readTree("{\"type\": \"object\", \"not\": {\"required\": [\"a\"]}}");

    private static ReplyRules rules(String strict, ToolChoice choice, Manner manner) {
        return new ReplyRules(
                List.of(ToolDefinition.parse(FIND.formatted(strict))),
                choice,
                true,
                new ReplyFormat.JsonSchema(SCHEMA, manner));
    }

    @Test
    void toolsAndFormatsNameWhatIsPassedOver() {
        assertThat(GRAMMARS.passedOver(rules("", new ToolChoice.Auto(), Manner.LENIENT)))
                .containsExactlyInAnyOrder("response_format#/not", "find#/if", "find#/properties/tags/uniqueItems");
        assertThat(GRAMMARS.passedOver(rules("", new ToolChoice.Required(), Manner.LENIENT)))
                .containsExactlyInAnyOrder("find#/if", "find#/properties/tags/uniqueItems");
        assertThat(GRAMMARS.passedOver(rules("", new ToolChoice.None(), Manner.LENIENT)))
                .containsExactly("response_format#/not");
        assertThat(GRAMMARS.passedOver(ReplyRules.TEXT)).isEmpty();
    }

    @Test
    void aStrictToolWithSuchAKeywordIsRefused() {
        assertThatThrownBy(() ->
                        GRAMMARS.constraint(rules("\"strict\": true,", new ToolChoice.Auto(), Manner.LENIENT), false))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("the parameters of the tool 'find', #/")
                .hasMessageContaining("can't be enforced while the answer is written");
        assertThatThrownBy(() -> GRAMMARS.constraint(rules("", new ToolChoice.Auto(), Manner.STRICT), false))
                .hasMessageStartingWith("the schema of the response format, #/not: the keyword 'not'");
    }
}
