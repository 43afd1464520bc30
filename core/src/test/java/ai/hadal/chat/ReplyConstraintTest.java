package ai.hadal.chat;

import static ai.hadal.chat.ConstrainedReply.DSML;
import static ai.hadal.chat.ConstrainedReply.END;
import static ai.hadal.chat.ConstrainedReply.THINK_END;
import static ai.hadal.chat.ConstrainedReply.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.JsonSchemaGrammar.Manner;
import ai.hadal.grammar.TokenConstraint;
import ai.hadal.grammar.TokenSet;
import ai.hadal.testing.SchemaValidator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplyConstraintTest {

    private static final ReplyGrammars GRAMMARS = new ReplyGrammars(ConstrainedReply.NANO);

    private static final ReplyFormat TEXT = new ReplyFormat.Text();
    private static final ToolChoice AUTO = new ToolChoice.Auto();

    private static final ToolDefinition WEATHER = tool("weather", """
            {"type": "object", "required": ["place"], "additionalProperties": false, "properties": {
              "place": {"type": "string"},
              "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
              "days": {"type": "integer", "minimum": 1, "maximum": 14},
              "when": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}}}""");

    private static final ToolDefinition CLOCK = ToolDefinition.parse("{\"name\": \"clock\"}");

    private static final List<String> PROPERTIES = List.of(
            "{\"type\": \"string\"}",
            "{\"type\": \"string\", \"maxLength\": 5, \"minLength\": 2}",
            "{\"type\": \"string\", \"pattern\": \"^[a-z]{2,4}$\"}",
            "{\"enum\": [\"one\", \"two\", 3, null]}",
            "{\"type\": [\"string\", \"integer\"]}",
            "{\"type\": \"number\", \"minimum\": 0, \"maximum\": 2}",
            "{\"type\": \"boolean\"}",
            "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"minItems\": 1, \"maxItems\": 3}",
            "{\"type\": \"object\", \"properties\": {\"x\": {\"type\": \"integer\"}}, \"required\": [\"x\"]}",
            "{\"anyOf\": [{\"type\": \"string\", \"const\": \"all\"}, {\"type\": \"integer\"}]}",
            "{}",
            "{\"$ref\": \"#/$defs/list\"}");

    private static ToolDefinition tool(String name, String parameters) {
        return ToolDefinition.parse("{\"name\": \"%s\", \"parameters\": %s}".formatted(name, parameters));
    }

    private static ToolDefinition randomTool(String name, Random random) {
        var schema = JsonMapper.shared().createObjectNode().put("type", "object");
        schema.putObject("$defs").set("list", JsonMapper.shared().readTree("""
                {"type": "array", "maxItems": 2, "items": {"$ref": "#/$defs/list"}}"""));
        var properties = schema.putObject("properties");
        var required = schema.putArray("required");
        int count = random.nextInt(10);
        for (int i = 0; i < count; i++) {
            properties.set("p" + i, JsonMapper.shared().readTree(PROPERTIES.get(random.nextInt(PROPERTIES.size()))));
            if (random.nextInt(3) == 0) {
                required.add("p" + i);
            }
        }
        switch (random.nextInt(3)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.putObject("additionalProperties").put("type", "integer");
            default -> {}
        }
        var function = JsonMapper.shared().createObjectNode().put("name", name);
        function.set("parameters", schema);
        return new ToolDefinition(function);
    }

    private static ConstrainedReply reply(ReplyRules rules, boolean reasoning, long seed) {
        return new ConstrainedReply(GRAMMARS.constraint(rules, reasoning), seed);
    }

    private static ReplyRules rules(ToolChoice choice, boolean parallel, ReplyFormat format) {
        return new ReplyRules(List.of(WEATHER, CLOCK), choice, parallel, format);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whateverIsDrawnIsAReplyWithValidCalls(long seed) {
        var random = new Random(seed);
        List<ToolDefinition> tools = List.of(randomTool("f", random), randomTool("g_2", random), CLOCK);
        var choices = List.of(AUTO, new ToolChoice.Required(), new ToolChoice.Named("g_2"));
        for (ToolChoice choice : choices) {
            for (boolean parallel : List.of(true, false)) {
                for (boolean reasoning : List.of(true, false)) {
                    var rules = new ReplyRules(tools, choice, parallel, TEXT);
                    var reply = reply(rules, reasoning, seed);
                    if (reasoning) {
                        reply.write("let me see 😀</think>");
                    }
                    if (choice.equals(AUTO)) {
                        reply.write("I will look that up.\n\n<" + Markers.DSML);
                    }
                    check(reply.draw(30), rules, reasoning);
                }
            }
        }
    }

    private static void check(ConstrainedReply reply, ReplyRules rules, boolean reasoning) {
        Transcript transcript = reply.transcript(reasoning);
        assertThat(transcript.isWellFormed()).as(reply.text()).isTrue();
        List<ToolCall> calls = transcript.reply().toolCalls();
        assertThat(calls).isNotEmpty();
        if (!rules.parallelCalls()) {
            assertThat(calls).hasSize(1);
        }
        for (ToolCall call : calls) {
            ToolDefinition tool = rules.tools().stream()
                    .filter(one -> one.function().path("name").asString().equals(call.name()))
                    .findFirst()
                    .orElseThrow();
            if (rules.toolChoice() instanceof ToolChoice.Named(String name)) {
                assertThat(call.name()).isEqualTo(name);
            }
            JsonNode schema = tool.function().path("parameters");
            if (schema.isObject()) {
                assertThat(SchemaValidator.faults(schema, call.argumentsJson()))
                        .as(reply.text())
                        .isEmpty();
            } else {
                assertThat(call.argumentsJson()).isEqualTo("{}");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void freeRepliesAreWellFormed(long seed) {
        for (boolean reasoning : List.of(true, false)) {
            var reply = reply(rules(new ToolChoice.None(), true, TEXT), reasoning, seed);
            if (reasoning) {
                reply.write("hm").accept(THINK_END);
            }
            Transcript transcript = reply.draw(300).transcript(reasoning);
            assertThat(transcript.isWellFormed()).as(reply.text()).isTrue();
            assertThat(transcript.reply().toolCalls()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void markupCantBeProvoked(long seed) {
        var note = tool("note", "{\"type\": \"object\"}");
        var formats = List.of(TEXT, new ReplyFormat.JsonObject());
        for (ToolChoice choice : List.of(AUTO, new ToolChoice.None(), new ToolChoice.Required())) {
            for (ReplyFormat format : formats) {
                for (boolean reasoning : List.of(true, false)) {
                    var rules = new ReplyRules(List.of(WEATHER, note), choice, true, format);
                    var reply = reply(rules, reasoning, seed).provoke(150);
                    if (reasoning && reply.mayWrite(THINK_END)) {
                        reply.accept(THINK_END);
                        reply.provoke(150);
                    }
                    Transcript transcript = reply.draw(20).transcript(reasoning);
                    assertThat(transcript.isWellFormed()).as(reply.text()).isTrue();
                    assertThat(transcript.text()).doesNotContain(Markers.DSML, Markers.THINK_END);
                }
            }
        }
    }

    @Test
    void aCallIsAllowedBehindAnEmptyLineOnly() {
        var reply = reply(rules(AUTO, true, TEXT), false, 1);
        for (String piece : List.of("Well", "\n", "<", " x\n\n", "y <", "\n<")) {
            reply.write(piece);
            assertThat(reply.mayWrite(DSML)).isFalse();
        }
        reply.write("\n\n<");
        assertThat(reply.mayWrite(DSML)).isTrue();
        reply.write(" but not now\n\n<");
        assertThat(reply.mayWrite(END)).isTrue();
        reply.accept(DSML);
        assertThat(reply.mayWrite(END)).isFalse();
        reply.write("tool_calls>\n<｜DSML｜invoke name=\"clock\">\n\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>");
        assertThat(reply.mayWrite(END)).isTrue();
        assertThat(reply.mayWrite(ConstrainedReply.id("Ċ"))).isFalse();
    }

    @Test
    void withoutAChoiceToCallThereIsNoCall() {
        var none = reply(rules(new ToolChoice.None(), true, TEXT), false, 1).write("\n\n<");
        assertThat(none.mayWrite(DSML)).isFalse();
        var noTools =
                reply(new ReplyRules(List.of(), AUTO, true, TEXT), false, 1).write("\n\n<");
        assertThat(noTools.mayWrite(DSML)).isFalse();
    }

    @Test
    void aDemandedCallComesAtOnceBehindTheReasoning() {
        for (ToolChoice choice : List.of(new ToolChoice.Required(), new ToolChoice.Named("weather"))) {
            var reply = reply(rules(choice, false, TEXT), true, 1).write("I could just answer\n\n<");
            assertThat(reply.mayWrite(END)).isFalse();
            assertThat(reply.mayWrite(DSML)).isFalse();
            reply.accept(THINK_END);
            assertThat(reply.mayWrite(END)).isFalse();
            assertThat(reply.mayWrite(ConstrainedReply.id("I"))).isFalse();
            reply.write("\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"");
            assertThat(reply.mayWrite(ConstrainedReply.id("c"))).isEqualTo(choice instanceof ToolChoice.Required);
            reply.write("weather\">\n<｜DSML｜parameter name=\"place\" string=\"true\">Oslo</｜DSML｜parameter>\n"
                    + "</｜DSML｜invoke>\n</｜DSML｜tool_calls>");
            assertThat(reply.mayWrite(END)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "place\" string=\"true\">a <b> & ｜ \"x\"</｜DSML｜parameter>  | true",
                "place\" string=\"false\">1                                   | false",
                "unit\" string=\"true\">celsius</｜DSML｜parameter>            | true",
                "unit\" string=\"true\">kelvin                                | false",
                "days\" string=\"false\">14</｜DSML｜parameter>                | true",
                "days\" string=\"false\">15                                   | false",
                "days\" string=\"true\">14                                    | false",
                "when\" string=\"false\">null</｜DSML｜parameter>              | true",
                "when\" string=\"true\">2026-02-28</｜DSML｜parameter>         | true",
                "when\" string=\"true\">tomorrow                              | false",
                "where\" string=\"true\">x                                    | false",
            })
    void parametersFollowTheirSchema(String text, boolean allowed) {
        var constraint = GRAMMARS.constraint(rules(new ToolChoice.Named("weather"), true, TEXT), false);
        String before = "\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"weather\">\n<｜DSML｜parameter name=\"";
        boolean possible = true;
        for (int id : TOKENIZER.encode(before + text)) {
            possible = possible && constraint.allowed().contains(id);
            if (possible) {
                constraint.accept(id);
            }
        }
        assertThat(possible).isEqualTo(allowed);
    }

    @Test
    void parametersComeInAnyOrderOnceAndWithThoseRequired() {
        var reply = reply(rules(new ToolChoice.Required(), true, TEXT), false, 1)
                .write("\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"weather\">\n"
                        + "<｜DSML｜parameter name=\"days\" string=\"false\">3</｜DSML｜parameter>\n<");
        assertThat(reply.mayWrite(ConstrainedReply.id("/"))).isFalse();
        reply.write("｜DSML｜parameter name=\"");
        assertThat(reply.mayWrite(ConstrainedReply.id("d"))).isFalse();
        reply.write("place\" string=\"true\">Rome</｜DSML｜parameter>\n</｜DSML｜invoke>\n"
                + "<｜DSML｜invoke name=\"clock\">\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>");
        check(reply.draw(0), rules(new ToolChoice.Required(), true, TEXT), false);
    }

    @Test
    void aFreeParameterIsNotNamedTwice() {
        var open = tool("note", "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}");
        var rules = new ReplyRules(List.of(open), new ToolChoice.Required(), true, TEXT);
        String ab = "<｜DSML｜parameter name=\"ab\" string=\"true\">x</｜DSML｜parameter>\n";
        var reply = reply(rules, false, 1)
                .write("\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"note\">\n" + ab + "<｜DSML｜parameter name=\"ab");
        assertThat(reply.mayWrite(ConstrainedReply.id("\""))).isFalse();
        reply.write("c\" string=\"true\">y</｜DSML｜parameter>\n</｜DSML｜invoke>\n<｜DSML｜invoke name=\"note\">\n" + ab
                + "</｜DSML｜invoke>\n</｜DSML｜tool_calls>");
        check(reply.draw(0), rules, false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFormatRulesBehindTheReasoning(boolean reasoning) {
        var schema = JsonMapper.shared().readTree("""
                {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
                 "required": ["a"], "additionalProperties": false}""");
        var formats = List.of(
                new ReplyFormat.JsonObject(),
                new ReplyFormat.JsonSchema(schema, Manner.STRICT),
                new ReplyFormat.InGrammar("root ::= \"yes\" | \"no\""));
        for (ReplyFormat format : formats) {
            for (int seed = 0; seed < 5; seed++) {
                var reply = reply(new ReplyRules(List.of(), AUTO, true, format), reasoning, seed);
                if (reasoning) {
                    reply.write("{not json");
                    assertThat(reply.mayWrite(END)).isFalse();
                    reply.accept(THINK_END);
                }
                Transcript transcript = reply.draw(40).transcript(reasoning);
                assertThat(transcript.isWellFormed()).isTrue();
                switch (format) {
                    case ReplyFormat.InGrammar _ ->
                        assertThat(transcript.text()).matches("yes|no");
                    case ReplyFormat.JsonSchema _ ->
                        assertThat(SchemaValidator.faults(schema, transcript.text()))
                                .isEmpty();
                    default ->
                        assertThat(JsonMapper.shared()
                                        .readTree(transcript.text())
                                        .isObject())
                                .isTrue();
                }
            }
        }
    }

    @Test
    void rulesThatSayTheSameShareTheirGrammars() {
        var yes = GRAMMARS.grammar(rules(AUTO, true, inGrammar("yes")));
        assertThat(GRAMMARS.grammar(rules(AUTO, true, inGrammar("yes")))).isSameAs(yes);
        assertThat(GRAMMARS.grammar(rules(AUTO, true, inGrammar("no")))).isNotSameAs(yes);
        assertThat(GRAMMARS.grammar(rules(AUTO, false, inGrammar("yes")))).isNotSameAs(yes);
        var integers = GRAMMARS.grammar(rules(AUTO, true, inSchema("integer")));
        assertThat(GRAMMARS.grammar(rules(AUTO, true, inSchema("integer")))).isSameAs(integers);
        assertThat(GRAMMARS.grammar(rules(AUTO, true, inSchema("string")))).isNotSameAs(integers);
    }

    private static ReplyFormat inGrammar(String word) {
        return new ReplyFormat.InGrammar("root ::= \"" + word + "\"");
    }

    private static ReplyFormat inSchema(String type) {
        return new ReplyFormat.JsonSchema(JsonMapper.shared().createObjectNode().put("type", type), Manner.STRICT);
    }

    @Test
    void aGrammarThatIsNoneIsRefused() {
        var rules = rules(AUTO, true, new ReplyFormat.InGrammar("root ::= other"));
        assertThatThrownBy(() -> GRAMMARS.constraints(rules, false))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("other");
    }

    @Test
    void withToolsAndAFormatEitherIsWritten() {
        var rules = rules(AUTO, true, new ReplyFormat.JsonObject());
        assertThat(reply(rules, false, 1)
                        .write("{\"a\": \"")
                        .draw(10)
                        .transcript(false)
                        .text())
                .startsWith("{\"a\": \"");
        var call = reply(rules, false, 1)
                .write("\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"clock\">\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>");
        assertThat(call.draw(0).transcript(false).reply().toolCalls()).hasSize(1);
        assertThat(reply(rules, false, 1).mayWrite(ConstrainedReply.id("I"))).isFalse();
    }

    @Test
    void noOtherMarkerIsAllowedNorSpelled() {
        for (boolean reasoning : List.of(true, false)) {
            TokenConstraint constraint = GRAMMARS.constraint(rules(AUTO, true, TEXT), reasoning);
            TokenSet allowed = constraint.allowed();
            for (int id = 0; id < TOKENIZER.size() + 200; id++) {
                boolean ordinary = id < TOKENIZER.size()
                        && TOKENIZER.isOrdinary(id)
                        && beginsACharacter(TOKENIZER.bytes(id)[0]);
                boolean expected = ordinary || id == END || (reasoning && id == THINK_END);
                assertThat(allowed.contains(id)).as("id %d", id).isEqualTo(expected);
            }
            for (int id : TOKENIZER.encodeOrdinary("a </think")) {
                constraint.accept(id);
            }
            assertThat(constraint.allowed().contains(ConstrainedReply.id(">"))).isFalse();
            assertThat(constraint.allowed().contains(ConstrainedReply.id("s"))).isTrue();
        }
    }

    private static boolean beginsACharacter(byte first) {
        int b = first & 0xFF;
        return b < 0x80 || (b >= 0xC2 && b <= 0xF4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\": \"a\\\"b\"}                                                             | can't be written in a tool call",
                "{\"parameters\": {}}                                                               | can't be written in a tool call",
                "{\"name\": \"f\", \"parameters\": {\"type\": \"array\"}}                           | does not describe an object",
                "{\"name\": \"f\", \"parameters\": {\"properties\": {\"a\": {\"$ref\": \"x.json\"}}}} | the parameters of the tool 'f', #/properties/a/$ref",
                "{\"name\": \"f\", \"parameters\": {\"required\": [\"a\"], \"properties\": {\"a\": false}}} | demands 'a', which no value satisfies",
                "{\"name\": \"f\", \"parameters\": {\"properties\": {\"a\": {\"const\": \"<think>\"}}}} | holds '<think>', which no reply may spell",
            })
    void toolsThatCantBeWrittenAreRefused(String function, String message) {
        var rules = new ReplyRules(List.of(ToolDefinition.parse(function)), AUTO, true, TEXT);
        assertThatThrownBy(() -> GRAMMARS.constraint(rules, false))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(message);
    }

    @Test
    void contradictoryRulesAreRefused() {
        assertThatThrownBy(() ->
                        GRAMMARS.constraint(new ReplyRules(List.of(), new ToolChoice.Required(), true, TEXT), false))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("there are no tools");
        assertThatThrownBy(() -> GRAMMARS.constraint(rules(new ToolChoice.Named("x"), true, TEXT), false))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("'x', which is none of the tools");
        var twice = new ArrayList<>(Collections.nCopies(2, CLOCK));
        assertThatThrownBy(() -> GRAMMARS.constraint(new ReplyRules(twice, AUTO, true, TEXT), false))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("two tools are called 'clock'");
    }
}
