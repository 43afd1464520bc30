package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Whatever the model writes for arguments, a client can read what it was sent.
class ToolInputTest {

    private static final ObjectReader JSON =
            JsonMapper.shared().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\": \"b\"}",
                "{\"a\": \"\\u00e9 \\\"x\\\" \\\\ {,}\", \"b\": [1, {\"c\": \"},\"}], \"d\": null}",
                "{\"a\":1.5e3,\"b\":true}",
                "{\"\": {\"nested\": {\"deep\": []}}}"
            })
    void passesOnWholeObjects(String arguments) {
        var input = new ToolInput();
        assertThat(input.accept(arguments)).isEqualTo(arguments);
        assertThat(input.close()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "text",
                "{\"a\": text}",
                "{\"a\": }",
                "{\"a\": 1} more",
                "{\"a\": 1,, \"b\": 2}",
                "{\"a\": \"b\" c}",
                "{\"a\": \"\\q\"}",
                "{\"a\": \"line\nbreak\"}",
                "{\"a\": \"b\", {\"c\": 1}",
                "{, \"a\": 1}",
                "{\"a\" 1}",
                "{}}",
                "{\"a\": 01}",
                "{\"a\": [1}"
            })
    void makesAnObjectOfWhatIsNone(String arguments) {
        var input = new ToolInput();
        String passed = input.accept(arguments);
        assertThat(JSON.readTree(passed + input.close()).isObject()).isTrue();
    }

    @Test
    void namesMayBeLong() {
        String arguments = "{\"" + "a\\n".repeat(10_000) + "\": 1}";
        assertThat(new ToolInput().accept(arguments)).isEqualTo(arguments);
    }

    @Property
    void stringsAreNotHeldBack(@ForAll String value) {
        String arguments =
                JsonNodeFactory.instance.objectNode().put("text", value).toString();
        String unfinished = arguments.substring(0, arguments.length() - 2);
        var input = new ToolInput();
        assertThat(input.accept(unfinished)).isEqualTo(unfinished);
        assertThat(JSON.readTree(unfinished + input.close()).get("text").stringValue())
                .isEqualTo(value);
    }

    @Property
    void canBeClosedAtAnyCut(@ForAll("objects") JsonNode object, @ForAll double at) {
        String arguments = object.toString();
        int cut = (int) (Math.abs(at % 1) * arguments.length());
        var input = new ToolInput();
        String passed = input.accept(arguments.substring(0, cut));
        var closed = JSON.readTree(passed + input.close());
        closed.properties()
                .forEach(member -> assertThat(object.has(member.getKey())).isTrue());

        passed += input.accept(arguments.substring(cut));
        assertThat(passed).isEqualTo(arguments);
        assertThat(input.close()).isEmpty();
    }

    @Property
    void canBeClosedAfterAnything(@ForAll("scraps") String text) {
        var input = new ToolInput();
        String passed = input.accept(text);
        assertThat(JSON.readTree(passed + input.close()).isObject()).isTrue();
    }

    @Provide
    Arbitrary<JsonNode> objects() {
        var values = Arbitraries.oneOf(
                Arbitraries.strings().map(JsonNodeFactory.instance::stringNode),
                Arbitraries.doubles().map(JsonNodeFactory.instance::numberNode),
                Arbitraries.of(true, false).map(JsonNodeFactory.instance::booleanNode),
                Arbitraries.strings().list().ofMaxSize(3).map(texts -> {
                    var array = JsonNodeFactory.instance.arrayNode();
                    texts.forEach(array::add);
                    return array;
                }),
                Arbitraries.maps(Arbitraries.strings(), Arbitraries.strings())
                        .ofMaxSize(3)
                        .map(ToolInputTest::object));
        return Arbitraries.maps(Arbitraries.strings(), values).ofMaxSize(4).map(members -> {
            var object = JsonNodeFactory.instance.objectNode();
            members.forEach(object::set);
            return object;
        });
    }

    private static JsonNode object(java.util.Map<String, String> members) {
        var object = JsonNodeFactory.instance.objectNode();
        members.forEach(object::put);
        return object;
    }

    @Provide
    Arbitrary<String> scraps() {
        return Arbitraries.of(
                        "{", "}", "[", "]", "\"", "\\", "\\u00", "a", "\"a\"", "\"a\": ", ":", ", ", "1", "null", " ",
                        "\n")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }
}
