package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Tokenizers;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.ModelOutputs;
import ai.hadal.server.reply.ModelOutputs.Output;
import ai.hadal.server.reply.ScriptedExchange;
import ai.hadal.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Whatever a model writes, the responses API gives events in their order and a response without markup, and both
/// agree.
class ResponseLeakTest {

    private static final int OUTPUTS = 10_000;
    private static final ResponseHead HEAD =
            new ResponseHead(new Heading("resp_1", "nano", 0), JsonNodeFactory.instance.objectNode());
    private static final Tokenizer TOKENIZER = Tokenizers.at(Path.of("../models/nano"));
    private static final ResponseTools NO_TOOLS =
            ResponseTools.read(new Fields(JsonNodeFactory.instance.objectNode(), ""));
    private static final ReasoningForm FORM = new ReasoningForm(false, false);
    private static final Duration PATIENCE = Duration.ofDays(1);
    private static final JsonMapper MAPPER = JsonMapper.shared();

    @Test
    void nothingLeaksAndEventsKeepTheirOrder() {
        int[] kinds = new int[3];
        IntStream.range(0, OUTPUTS).forEach(seed -> {
            Output output = ModelOutputs.number(seed);
            String as = seed + ": " + output;
            try {
                JsonNode response = answer(output);
                kinds[check(response, as)]++;
                var events = new ResponseEventsCheck(as);
                stream(output, as).forEach(events::accept);
                assertThat(comparable(events.response())).as(as).isEqualTo(comparable(response));
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(as, e);
            }
        });
        for (int count : kinds) {
            assertThat(count).as("texts, calls and faults are all there").isGreaterThan(OUTPUTS / 10);
        }
    }

    /// A response without what is its own: times, and the random ids of calls.
    private static JsonNode comparable(JsonNode response) {
        ObjectNode copy = ((ObjectNode) response).deepCopy();
        copy.remove("timings");
        copy.path("output").forEach(item -> ((ObjectNode) item).remove("call_id"));
        return copy;
    }

    private static ResponseItems run(Output output, ResponseSink sink) throws IOException {
        var exchange = ScriptedExchange.of(output.reasons(), output.texts(), output.end());
        var items = new ResponseItems(HEAD, NO_TOOLS, FORM, exchange, TOKENIZER, sink);
        exchange.run(items);
        return items;
    }

    private static JsonNode answer(Output output) throws IOException {
        return MAPPER.readTree(
                run(output, new ResponseSink(null, PATIENCE)).json().toString());
    }

    /// The events, as they are framed.
    private static List<JsonNode> stream(Output output, String as) throws IOException {
        var out = new ByteArrayOutputStream();
        run(output, new ResponseSink(new EventStream(out), PATIENCE)).end();
        var events = new ArrayList<JsonNode>();
        for (String block : out.toString(StandardCharsets.UTF_8).split("\n\n")) {
            if (block.startsWith(": ")) {
                assertThat(block).as(as).doesNotContain("\n");
                continue;
            }
            var lines = block.split("\n", -1);
            assertThat(lines).as(as).hasSize(2);
            JsonNode event = MAPPER.readTree(lines[1].substring("data: ".length()));
            assertThat(lines[0]).as(as).isEqualTo("event: " + event.path("type").stringValue());
            assertThat(event.path("sequence_number").intValue()).as(as).isEqualTo(events.size());
            events.add(event);
        }
        return events;
    }

    /// Checks a response.
    ///
    /// @return 0 for text, 1 for calls, 2 for faults
    private static int check(JsonNode response, String as) {
        boolean faulty = response.has("malformed");
        boolean calls = false;
        for (JsonNode item : response.path("output")) {
            boolean call = item.path("type").stringValue().equals("function_call");
            assertThat(calls && !call).as("text behind calls: %s", as).isFalse();
            calls |= call;
            if (call) {
                assertThat(faulty).as(as).isFalse();
                assertThat(item.path("status").stringValue()).as(as).isEqualTo("completed");
                assertThat(item.path("name").stringValue()).as(as).doesNotContain(ModelOutputs.MARKUP);
                JsonNode arguments = MAPPER.readTree(item.path("arguments").stringValue());
                assertThat(arguments.isObject()).as(as).isTrue();
                assertThat(arguments.propertyNames())
                        .as(as)
                        .noneMatch(name -> ModelOutputs.MARKUP.stream().anyMatch(name::contains));
            } else {
                assertThat(item.at("/content/0/text").stringValue()).as(as).doesNotContain(ModelOutputs.MARKUP);
            }
        }
        assertThat(response.path("status").stringValue()).as(as).isIn("completed", "incomplete");
        if (calls) {
            return 1;
        }
        return faulty ? 2 : 0;
    }
}
