package ai.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.JsonSchemaGrammar.Manner;
import ai.hadal.testing.SchemaValidator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonSchemaGrammarTest {

    static final List<SchemaCase> SCHEMAS = SchemaCase.ALL;

    @ParameterizedTest
    @FieldSource("SCHEMAS")
    void takesWhatIsValidAndNothingElse(SchemaCase schema) {
        var grammar = Vocabularies.NANO.compile(schema.grammar());
        for (String text : schema.accepted()) {
            assertThat(SchemaValidator.faults(schema.tree(), text)).as(text).isEmpty();
            assertThat(Walk.accepts(grammar, text)).as(text).isTrue();
        }
        for (String text : schema.refused()) {
            assertThat(Walk.accepts(grammar, text)).as(text).isFalse();
        }
    }

    @ParameterizedTest
    @FieldSource("SCHEMAS")
    void whateverIsDrawnIsValid(SchemaCase schema) {
        JsonNode tree = schema.tree();
        for (GrammarVocabulary vocabulary : List.of(Vocabularies.SMALL, Vocabularies.NANO)) {
            var grammar = vocabulary.compile(schema.grammar());
            for (int seed = 0; seed < 12; seed++) {
                String text = Walk.draw(grammar, seed, 40);
                assertThat(SchemaValidator.faults(tree, text)).as(text).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SCHEMAS")
    void masksAreWhatRecognisingEveryTokenSays(SchemaCase schema) {
        var small = Vocabularies.SMALL.compile(schema.grammar());
        for (int seed = 0; seed < 4; seed++) {
            Walk.compareWithBruteForce(small, seed, 40);
        }
        Walk.compareWithBruteForce(Vocabularies.NANO.compile(schema.grammar()), 1, 12);
    }

    @Test
    void aJsonObjectIsAnyJsonObject() {
        var grammar = Vocabularies.NANO.compile(JsonSchemaGrammar.anyObject());
        assertThat(Walk.accepts(grammar, "{\"a\": {\"b\": [1, {}]}}")).isTrue();
        assertThat(Walk.accepts(grammar, "[1]")).isFalse();
        for (int seed = 0; seed < 20; seed++) {
            assertThat(JsonMapper.shared()
                            .readTree(Walk.draw(grammar, seed, 60))
                            .isObject())
                    .isTrue();
        }
    }

    @Test
    void whiteSpaceIsBounded() {
        var grammar = Vocabularies.NANO.compile(JsonSchemaGrammar.anyObject());
        var constraint = grammar.constraint();
        var tokenizer = Vocabularies.NANO.tokenizer();
        constraint.accept(tokenizer.id("{").orElseThrow());
        constraint.accept(tokenizer.id("Ċ").orElseThrow());
        int space = tokenizer.id("Ġ").orElseThrow();
        int spaces = 0;
        while (constraint.allowed().contains(space)) {
            constraint.accept(space);
            spaces++;
        }
        assertThat(spaces).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'not':{'type':'null'}}                                          | #/not: the keyword 'not'",
                "{'properties':{'a':{'if':{}}}}                                   | #/properties/a/if: the keyword 'if'",
                "{'type':'array','uniqueItems':true}                              | #/uniqueItems: the keyword 'uniqueItems'",
                "{'type':'object','patternProperties':{'x':{}}}                   | #/patternProperties",
                "{'type':'string','pattern':'(?=a)b'}                             | looks ahead or behind",
                "{'type':'string','pattern':'(a)\\\\1'}                           | can't be said by a grammar",
                "{'type':'string','pattern':'^(abc)+$','maxLength':7}            | #/maxLength: the keyword 'maxLength'",
                "{'allOf':[{'pattern':'a'},{'pattern':'b'}]}                      | together with another pattern",
                "{'type':'integer','multipleOf':7,'minimum':3}                    | #/multipleOf: the keyword 'multipleOf'",
                "{'type':'number','multipleOf':0.3}                               | no small whole number and no power of ten",
                "{'type':'string','format':'uri-template'}                        | #/format: the keyword 'format'",
                "{'oneOf':[{'type':'integer'},{'minimum':3}]}                     | its alternatives may overlap",
                "{'type':'object','properties':{'a':{},'b':{}},'minProperties':2} | minProperties",
            })
    void whatCantBeEnforcedIsRefusedStrictlyAndPassedOverLeniently(String schema, String message) {
        JsonNode tree = tree(schema);
        assertThatThrownBy(() -> new JsonSchemaGrammar("JSON schema", tree, Manner.STRICT).json())
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("check the answer afterwards");
        var grammar = Vocabularies.SMALL.compile(new JsonSchemaGrammar("JSON schema", tree, Manner.LENIENT).json());
        assertThat(Walk.draw(grammar, 1, 20)).isNotEmpty();
    }

    /// What a client may ask for and what becomes of it: held to, or named as passed over.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string','pattern':'^a+$'}                          | ",
                "{'type':'string','pattern':'a(?=b)'}                        | #/pattern",
                "{'type':'string','format':'date'}                           | ",
                "{'type':'string','format':'email'}                          | ",
                "{'type':'string','format':'regex'}                          | #/format",
                "{'type':'integer','format':'int32'}                         | ",
                "{'type':'string','minLength':2,'maxLength':4}               | ",
                "{'type':'string','pattern':'^(ab)*$','minLength':3}         | #/minLength",
                "{'type':'integer','minimum':1,'exclusiveMaximum':9}         | ",
                "{'type':'number','minimum':0.5,'maximum':9}                 | ",
                "{'type':'integer','multipleOf':5}                           | ",
                "{'type':'number','multipleOf':0.01,'minimum':0}             | ",
                "{'type':'number','multipleOf':0.01,'maximum':7}             | #/multipleOf",
                "{'type':'array','uniqueItems':true}                         | #/uniqueItems",
                "{'type':'array','uniqueItems':false}                        | ",
                "{'type':'object','properties':{'a b':{'not':{'const':1}}}}  | #/properties/a b/not",
                "{'if':{'type':'string'},'then':{'minLength':1}}             | #/if",
                "{'type':'array','items':{'$ref':'#'}}                       | ",
                "{'type':'array','contains':{'type':'null'}}                 | #/contains",
                "{'allOf':[{'type':'object'},{'propertyNames':{'maxLength':2}}]} | #/allOf/1/propertyNames",
            })
    void whatIsPassedOverIsNamed(String schema, @Nullable String passedOver) {
        var lenient = new JsonSchemaGrammar("JSON schema", tree(schema), Manner.LENIENT);
        Vocabularies.SMALL.compile(lenient.json());
        assertThat(lenient.passedOver()).isEqualTo(passedOver == null ? List.of() : List.of(passedOver));
        var strict = new JsonSchemaGrammar("JSON schema", tree(schema), Manner.STRICT);
        if (passedOver == null) {
            strict.json();
        } else {
            assertThatThrownBy(strict::json)
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("JSON schema, " + passedOver + ": the keyword");
        }
    }

    @Test
    void whatOnlyWholeObjectsCanSatisfyIsNamedWhereMembersAreWrittenOneByOne() {
        var schema = tree("{'type':'object','properties':{'a':{'type':'null'},'b':{}},"
                + "'anyOf':[{'required':['a']},{'required':['b']}],'minProperties':1,'maxProperties':1}");
        var lenient = new JsonSchemaGrammar("s", schema, Manner.LENIENT);
        assertThat(lenient.members().named()).hasSize(2);
        assertThat(lenient.passedOver()).containsExactly("#/anyOf", "#/minProperties", "#/maxProperties");
        assertThatThrownBy(() -> new JsonSchemaGrammar("s", schema, Manner.STRICT).members())
                .hasMessageContaining("s, #/anyOf: the keyword 'anyOf'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5                                                     | #: it is not a schema",
                "{'type':'strin'}                                      | #/type: it names no type of JSON",
                "{'enum':3}                                            | #/enum: it is not a list",
                "{'minLength':-1}                                      | #/minLength: it is not a natural number",
                "{'multipleOf':0}                                      | #/multipleOf: it is not a positive number",
                "{'minimum':'3'}                                       | #/minimum: it is not a number",
                "{'pattern':3}                                         | #/pattern: it is not a text",
                "{'anyOf':{}}                                          | #/anyOf: it is not a list",
                "{'properties':{'a':3}}                                | #/properties/a: it is not a schema",
                "{'$ref':'#/$defs/x'}                                  | refers to '#/$defs/x', which the schema does not hold",
                "{'$ref':'http://x.org/y'}                             | lies outside the schema",
                "{'$ref':'#'}                                          | refers to itself through # without end",
                "{'allOf':[{'$ref':'#'},{'minLength':1}]}              | refers to itself through # without end",
                "{'anyOf':[{'$ref':'#'},{'type':'null'}]}              | left recursion",
                "false                                                 | is satisfied by nothing",
                "{'type':'string','minLength':3,'maxLength':2}         | is satisfied by nothing",
                "{'allOf':[{'type':'string'},{'type':'null'}]}         | is satisfied by nothing",
                "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']} | is satisfied by nothing",
                "{'type':'integer','minimum':3,'maximum':2}            | is satisfied by nothing",
            })
    void badSchemasAreRefusedInEitherManner(String schema, String message) {
        for (Manner manner : Manner.values()) {
            assertThatThrownBy(() -> Vocabularies.SMALL.compile(
                            new JsonSchemaGrammar("JSON schema", tree(schema), manner).json()))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void hostileSchemasAreRefusedOrHandledWithinBounds() {
        assertRefused("{\"items\":".repeat(400) + "{}" + "}".repeat(400), "nested more than");
        assertRefused(numbered("{\"enum\":[", 6000, "%d", "]}"), "allows more than 5000 values");
        assertRefused(numbered("{\"enum\":[", 60_000, "%d", "]}"), "more than 50000 parts");
        assertRefused(
                "{\"allOf\":["
                        + "{\"anyOf\":[{\"minLength\":%d},{\"maxLength\":%d},{\"pattern\":\"a{%d}\"}]},"
                                .repeat(20)
                                .transform(text -> {
                                    var filled = new StringBuilder();
                                    int n = 0;
                                    for (String part : text.split("%d", -1)) {
                                        filled.append(n == 0 ? "" : n / 3).append(part);
                                        n++;
                                    }
                                    return filled;
                                })
                        + "{}]}",
                "needs more than 10000 rules");
        assertRefused(
                numbered("{\"$ref\":\"#/$defs/d0\",\"$defs\":{", 500, "\"d%1$d\":{\"$ref\":\"#/$defs/d%2$d\"}", "}}"),
                "chain of more than 100 references");
        assertRefused("{\"type\":\"integer\",\"minimum\":1e999999999}", "#/minimum");
        assertRefused("{\"pattern\":\"" + "(".repeat(5000) + "\"}", "nested more than");
        assertRefused("{\"type\":\"string\",\"pattern\":\"" + "a".repeat(20_000) + "\"}", "more than 10000 characters");

        // Twice as many ways at each step, if each were gone.
        var doubled = numbered(
                "{\"$ref\":\"#/$defs/d0\",\"$defs\":{",
                80,
                "\"d%1$d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%2$d\"},{\"$ref\":\"#/$defs/d%2$d\"}]}",
                ",\"d80\":{\"type\":\"null\"}}}");
        assertThat(Walk.accepts(compiled(doubled), "null")).isTrue();
        assertRefused(
                numbered("{\"allOf\":[", 300, "{\"minLength\":%d}", "]}"), "joins more than 256 schemas by allOf");
        assertRefused(
                numbered("{\"properties\":{", 2000, "\"p%d\":true", "},")
                        + numbered("\"anyOf\":[", 2000, "{\"required\":[\"q%d\"]}", "]}"),
                "takes too much work");
        assertRefused(
                numbered(
                                "{\"$defs\":{\"o\":{\"type\":\"object\",\"properties\":{",
                                500,
                                "\"p%d\":{\"$ref\":\"#/$defs/o\"}",
                                "},")
                        + numbered("\"required\":[", 500, "\"p%d\"", "]}},")
                        + numbered("\"oneOf\":[", 60, "{\"$ref\":\"#/$defs/o\",\"title\":\"%d\"}", "]}"),
                "takes too much work");

        // Harmless here, whatever a backtracking matcher makes of them.
        for (String pattern : List.of(
                "^(a+)+$",
                "^(a|aa)+$",
                "^(a*)*b$",
                "^(([a-z])+.)+[A-Z]([a-z])+$",
                "^((a{0,1000}){0,1000}){0,1000}$",
                "(x+x+)+y")) {
            var grammar = Vocabularies.SMALL.compile(
                    new JsonSchemaGrammar("s", tree("{'type':'string','pattern':'" + pattern + "'}"), Manner.STRICT)
                            .json());
            Walk.accepts(grammar, "\"" + "a".repeat(200));
            assertThat(grammar.constraint().allowed().isEmpty()).isFalse();
        }
        // A member for each of many names, and definitions that refer to each other in a long row.
        var many = numbered("{\"type\":\"object\",\"properties\":{", 2000, "\"p%1$d\":{\"type\":\"string\"}", "}}");
        assertThat(Walk.accepts(compiled(many), "{\"p3\":\"x\",\"p1999\":\"y\"}"))
                .isTrue();
        var row = numbered(
                "{\"$ref\":\"#/$defs/d0\",\"$defs\":{",
                3000,
                "\"d%1$d\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/d%2$d\"}}",
                ",\"d3000\":{}}}");
        assertThat(Walk.accepts(compiled(row), "[".repeat(3000) + "]".repeat(3000)))
                .isTrue();
    }

    private static CompiledGrammar compiled(String schema) {
        return Vocabularies.SMALL.compile(
                new JsonSchemaGrammar("s", JsonMapper.shared().readTree(schema), Manner.STRICT).json());
    }

    private static String numbered(String start, int count, String part, String end) {
        return IntStream.range(0, count)
                .mapToObj(i -> part.formatted(i, i + 1))
                .collect(java.util.stream.Collectors.joining(",", start, end));
    }

    private static void assertRefused(String schema, String message) {
        assertThatThrownBy(() -> compiled(schema))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(message);
    }

    private static JsonNode tree(String schema) {
        return JsonMapper.shared().readTree(schema.replace('\'', '"'));
    }
}
