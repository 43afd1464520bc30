package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.Markers;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.Usage;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ScriptedExchange;
import com.anthropic.core.ObjectMappers;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a model writes becomes the same message whole and in events, as Anthropic's own accumulator reads them.
class MessageEventsTest {

    private static final Heading HEADING = new Heading("msg_1", "nano");
    private static final Usage USAGE = new Usage(10, 4, 3, 7);
    private static final String CALLS = "\n\n<" + Markers.DSML + "tool_calls>\n";
    private static final String END_OF_CALLS = "</" + Markers.DSML + "tool_calls>";

    private record Told(List<JsonNode> events, JsonNode answer) {

        List<String> types() {
            return events.stream().map(MessageEventsTest::type).toList();
        }

        JsonNode delta() {
            return events.get(events.size() - 2).path("delta");
        }

        /// The message that the official accumulator makes of the events.
        JsonNode accumulated() {
            var accumulator = MessageAccumulator.create();
            try {
                for (JsonNode event : events) {
                    if (!type(event).equals("ping")) {
                        accumulator.accumulate(
                                ObjectMappers.jsonMapper().readValue(event.toString(), RawMessageStreamEvent.class));
                    }
                }
                return JsonMapper.shared()
                        .readTree(ObjectMappers.jsonMapper().writeValueAsString(accumulator.message()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String type(JsonNode event) {
        return event.path("type").stringValue();
    }

    private static String invoke(String name, String... parameters) {
        return "<" + Markers.DSML + "invoke name=\"" + name + "\">\n" + String.join("\n", parameters) + "\n</"
                + Markers.DSML + "invoke>\n";
    }

    private static String parameter(String name, boolean string, String value) {
        return "<" + Markers.DSML + "parameter name=\"" + name + "\" string=\"" + string + "\">" + value + "</"
                + Markers.DSML + "parameter>";
    }

    /// Lets a model write pieces of a reply.
    private static Told tell(boolean thinks, Finish.Reason end, String... pieces) {
        return tell(thinks, end, true, pieces);
    }

    private static Told tell(boolean thinks, Finish.Reason end, boolean shown, String... pieces) {
        var reason = end == Finish.Reason.STOP ? FinishReason.END_OF_TURN : FinishReason.LENGTH;
        var sent = new ArrayList<JsonNode>();
        var streamed = new MessageEvents(HEADING, index -> "call_" + index, shown, (name, json) -> {
            assertThat(name).isEqualTo(type(json));
            sent.add(json);
        });
        var answer = new MessageAnswer(HEADING, index -> "call_" + index, shown);
        try {
            ScriptedExchange.of(thinks, List.of(pieces), reason).run(streamed);
            ScriptedExchange.of(thinks, List.of(pieces), reason).run(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Told(sent, answer.json());
    }

    private static void assertSame(Told told) {
        JsonNode accumulated = told.accumulated();
        ((ObjectNode) told.answer()).properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                assertThat(accumulated.path(field.getKey()))
                        .as(field.getKey())
                        .isEqualTo(JsonMapper.shared().readTree(field.getValue().toString()));
            }
        });
    }

    @Test
    void textComesAsItIs() {
        var told = tell(false, Finish.Reason.STOP, "\n", "\nHello", " world");
        assertThat(told.types())
                .containsExactly(
                        "message_start",
                        "ping",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(told.answer().at("/content/0/text").stringValue()).isEqualTo("\n\nHello world");
        assertThat(told.answer().path("stop_reason").stringValue()).isEqualTo("end_turn");
        assertThat(told.answer().at("/usage/input_tokens").intValue()).isEqualTo(6);
        assertThat(told.answer().at("/usage/cache_read_input_tokens").intValue())
                .isEqualTo(4);
        assertThat(told.events().getFirst().at("/message/usage/input_tokens").intValue())
                .isEqualTo(6);
        assertSame(told);
    }

    @Test
    void reasoningIsSignedAheadOfTheText() {
        var told = tell(true, Finish.Reason.STOP, "Let me", " see.", "</think>", "Yes.");
        assertThat(told.answer().at("/content/0/thinking").stringValue()).isEqualTo("Let me see.");
        assertThat(told.answer().at("/content/0/signature").stringValue()).isEqualTo(Signature.of("Let me see."));
        assertThat(told.answer().at("/content/1/text").stringValue()).isEqualTo("Yes.");
        assertThat(told.events().stream()
                        .map(event -> event.at("/delta/type").asString(""))
                        .filter(type -> !type.isEmpty()))
                .containsExactly("thinking_delta", "thinking_delta", "signature_delta", "text_delta");
        assertSame(told);
    }

    @Test
    void reasoningMayStayUnread() {
        var told = tell(true, Finish.Reason.STOP, false, "Hm.", "</think>", "Yes.");
        assertThat(told.answer().at("/content/0/thinking").stringValue()).isEmpty();
        assertThat(told.answer().at("/content/0/signature").stringValue()).isNotEmpty();
        assertThat(told.events().toString()).doesNotContain("Hm.");
        assertSame(told);
    }

    @Test
    void callsAreBlocksWithAnObject() {
        var told = tell(
                false,
                Finish.Reason.STOP,
                "Look:" + CALLS + invoke("f", parameter("x", true, "a \"b\""), parameter("n", false, "[1, 2]")),
                invoke("g") + END_OF_CALLS);
        assertThat(told.answer().path("stop_reason").stringValue()).isEqualTo("tool_use");
        assertThat(told.answer().path("content")).hasSize(3);
        assertThat(told.answer().at("/content/1/id").stringValue()).isEqualTo("toolu_0");
        assertThat(told.answer().at("/content/1/input").toString()).isEqualTo("{\"x\":\"a \\\"b\\\"\",\"n\":[1,2]}");
        assertThat(told.answer().at("/content/2/input").toString()).isEqualTo("{}");
        assertThat(told.answer().has("malformed")).isFalse();
        assertSame(told);
    }

    @Test
    void aBrokenCallIsClosedAndReported() {
        var told = tell(
                false,
                Finish.Reason.LENGTH,
                CALLS + invoke("f") + "<" + Markers.DSML + "invoke name=\"g\">\n<" + Markers.DSML
                        + "parameter name=\"x\" string=\"true\">unfinish");
        assertThat(told.answer().path("content")).isEmpty();
        assertThat(told.answer().path("stop_reason").stringValue()).isEqualTo("max_tokens");
        assertThat(told.answer().at("/malformed/0/raw").stringValue()).contains("unfinish");
        assertThat(told.delta().path("stop_reason").stringValue()).isEqualTo("max_tokens");
        assertThat(told.delta().path("malformed")).isEqualTo(told.answer().path("malformed"));
        assertThat(told.accumulated().at("/content/1/input/x").stringValue()).isEqualTo("unfinish");
    }

    @Test
    void aCallWithoutAnObjectIsReported() {
        var told = tell(
                false,
                Finish.Reason.STOP,
                CALLS + invoke("f") + invoke("g", parameter("x", false, "no json")) + END_OF_CALLS);
        assertThat(told.answer().path("content")).isEmpty();
        assertThat(told.answer().path("stop_reason").stringValue()).isEqualTo("end_turn");
        assertThat(told.answer().at("/malformed/0/raw").stringValue()).contains("no json");
        assertThat(told.delta().path("stop_reason").stringValue()).isEqualTo("end_turn");
        assertThat(told.delta().path("malformed")).isEqualTo(told.answer().path("malformed"));
        assertThat(told.accumulated().at("/content/1/input").toString()).isEqualTo("{}");
    }

    @Test
    void aMessageMayEndBeforeItBegins() throws IOException {
        var sent = new ArrayList<JsonNode>();
        var events = new MessageEvents(HEADING, index -> "", true, (_, json) -> sent.add(json));
        events.idle();
        events.finished(0, new Finish(Finish.Reason.LENGTH, null, List.of(), USAGE, new Finish.Timings(0, 0, 0)));
        assertThat(sent.stream().map(MessageEventsTest::type))
                .containsExactly("ping", "message_start", "message_delta", "message_stop");
    }

    @Test
    void halfAMessageIsNoMessage() {
        var cut = new Finish(Finish.Reason.CANCELLED, null, List.of(), USAGE, new Finish.Timings(0, 0, 0));
        var sent = new ArrayList<JsonNode>();
        var events = new MessageEvents(HEADING, index -> "", true, (_, json) -> sent.add(json));
        var answer = new MessageAnswer(HEADING, index -> "", true);
        answer.finished(0, cut);
        for (ThrowingCallable end : List.<ThrowingCallable>of(() -> events.finished(0, cut), answer::json)) {
            assertThatThrownBy(end)
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            error -> assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE));
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void stopSequencesAreNamed() {
        var answer = new MessageAnswer(HEADING, index -> "", true);
        answer.finished(0, new Finish(Finish.Reason.STOP, "END", List.of(), USAGE, new Finish.Timings(0, 0, 0)));
        assertThat(answer.json().path("stop_reason").stringValue()).isEqualTo("stop_sequence");
        assertThat(answer.json().path("stop_sequence").stringValue()).isEqualTo("END");
    }

    @Property
    void nothingLeaksAndBothFormsAgree(
            @ForAll("replies") List<String> pieces, @ForAll boolean thinks, @ForAll boolean whole) {
        var told = tell(thinks, whole ? Finish.Reason.STOP : Finish.Reason.LENGTH, pieces.toArray(String[]::new));
        JsonNode accumulated = told.accumulated();
        for (JsonNode block : accumulated.path("content")) {
            assertThat(block.path("text").asString("") + block.path("thinking").asString(""))
                    .doesNotContain(Markers.DSML, Markers.THINK_START, Markers.THINK_END, Markers.END_OF_SENTENCE);
            assertThat(!block.path("type").stringValue().equals("tool_use")
                            || block.path("input").isObject())
                    .isTrue();
        }
        assertThat(told.delta().path("malformed")).isEqualTo(told.answer().path("malformed"));
        assertThat(told.delta().path("stop_reason")).isEqualTo(told.answer().path("stop_reason"));
        if (!told.answer().has("malformed")) {
            assertSame(told);
        }
    }

    @Provide
    Arbitrary<List<String>> replies() {
        return Arbitraries.of(
                        "Text",
                        " ",
                        "\n\n",
                        Markers.THINK_END,
                        Markers.THINK_START,
                        Markers.END_OF_SENTENCE,
                        Markers.DSML,
                        CALLS,
                        CALLS + invoke("f"),
                        CALLS + invoke("f", parameter("x", true, "<" + Markers.DSML)) + END_OF_CALLS,
                        END_OF_CALLS,
                        invoke("f", parameter("x", true, "y"), parameter("n", false, "1")),
                        invoke("g", parameter("n", false, "{\"a\": ")),
                        "<" + Markers.DSML + "invoke name=\"h\">\n",
                        parameter("x", true, "unended").substring(0, 40),
                        "\n</" + Markers.DSML + "invoke>\n")
                .list()
                .ofMaxSize(7)
                .map(parts -> String.join("", parts))
                .flatMap(MessageEventsTest::cuts);
    }

    private static Arbitrary<List<String>> cuts(String text) {
        return Arbitraries.integers()
                .between(0, text.length())
                .list()
                .ofMaxSize(6)
                .map(cuts -> {
                    var sorted = cuts.stream().sorted().toList();
                    var pieces = new ArrayList<String>();
                    int from = 0;
                    for (int cut : sorted) {
                        pieces.add(text.substring(from, cut));
                        from = cut;
                    }
                    pieces.add(text.substring(from));
                    return pieces;
                });
    }
}
