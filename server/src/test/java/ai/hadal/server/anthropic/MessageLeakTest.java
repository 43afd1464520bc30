package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.reply.ModelOutputs;
import ai.hadal.server.reply.ModelOutputs.Output;
import ai.hadal.server.reply.ScriptedExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whatever a model writes, the Messages API gives events in their order and messages without markup, and both
/// agree.
class MessageLeakTest {

    private static final int OUTPUTS = 10_000;
    private static final Heading HEADING = new Heading("msg_1", "nano");
    private static final JsonMapper MAPPER = JsonMapper.shared();

    @Test
    void nothingLeaksAndBothFormsAgree() {
        int[] kinds = new int[3];
        IntStream.range(0, OUTPUTS).forEach(seed -> {
            Output output = ModelOutputs.number(seed);
            String as = seed + ": " + output;
            try {
                JsonNode answer = answer(output);
                kinds[check(answer, as)]++;
                assertSame(joined(events(output, as), as), answer, as);
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(as, e);
            }
        });
        for (int count : kinds) {
            assertThat(count).as("texts, calls and faults are all there").isGreaterThan(OUTPUTS / 10);
        }
    }

    private static JsonNode answer(Output output) throws IOException {
        var answer = new MessageAnswer(HEADING, index -> "call_" + index, true);
        ScriptedExchange.of(output.reasons(), output.texts(), output.end()).run(answer);
        return MAPPER.readTree(answer.json().toString());
    }

    private static List<JsonNode> events(Output output, String as) throws IOException {
        var events = new ArrayList<JsonNode>();
        ScriptedExchange.of(output.reasons(), output.texts(), output.end())
                .run(new MessageEvents(HEADING, index -> "call_" + index, true, (name, json) -> {
                    assertThat(json.path("type").stringValue()).as(as).isEqualTo(name);
                    events.add(MAPPER.readTree(json.toString()));
                }));
        return events;
    }

    /// Checks a message.
    ///
    /// @return 0 for text, 1 for calls, 2 for faults
    private static int check(JsonNode message, String as) {
        boolean calls = false;
        for (JsonNode block : message.path("content")) {
            checkBlock(block, as);
            calls |= isCall(block);
        }
        boolean faulty = message.has("malformed");
        assertThat(faulty && calls).as(as).isFalse();
        String reason = message.path("stop_reason").stringValue();
        assertThat(reason).as(as).isIn("end_turn", "max_tokens", "tool_use");
        if (reason.equals("tool_use")) {
            assertThat(calls).as(as).isTrue();
        }
        if (calls) {
            return 1;
        }
        return faulty ? 2 : 0;
    }

    private static boolean isCall(JsonNode block) {
        return block.path("type").stringValue().equals("tool_use");
    }

    private static void checkBlock(JsonNode block, String as) {
        assertThat(block.path("text").asString("")
                        + block.path("thinking").asString("")
                        + block.path("name").asString(""))
                .as(as)
                .doesNotContain(ModelOutputs.MARKUP);
        if (isCall(block)) {
            assertThat(block.path("input").isObject()).as(as).isTrue();
            assertThat(block.path("input").propertyNames())
                    .as(as)
                    .noneMatch(name -> ModelOutputs.MARKUP.stream().anyMatch(name::contains));
        }
    }

    /// The message that the events say, each in its place.
    private static JsonNode joined(List<JsonNode> events, String as) {
        ObjectNode message = (ObjectNode) events.getFirst().path("message");
        assertThat(events.getFirst().path("type").stringValue()).as(as).isEqualTo("message_start");
        assertThat(events.getLast().path("type").stringValue()).as(as).isEqualTo("message_stop");
        assertThat(events.get(events.size() - 2).path("type").stringValue())
                .as(as)
                .isEqualTo("message_delta");
        var content = message.withArray("content");
        boolean open = false;
        var input = new StringBuilder();
        for (JsonNode event : events.subList(1, events.size() - 2)) {
            String type = event.path("type").stringValue();
            if (type.equals("ping")) {
                continue;
            }
            assertThat(type).as(as).isIn("content_block_start", "content_block_delta", "content_block_stop");
            assertThat(open).as(as).isEqualTo(!type.equals("content_block_start"));
            if (!open) {
                content.add(event.path("content_block"));
                input.setLength(0);
                open = true;
            }
            assertThat(event.path("index").intValue()).as(as).isEqualTo(content.size() - 1);
            var block = (ObjectNode) content.get(content.size() - 1);
            if (type.equals("content_block_delta")) {
                grow(block, event.path("delta"), input, as);
            } else if (type.equals("content_block_stop")) {
                if (isCall(block)) {
                    block.set("input", MAPPER.readTree(input.isEmpty() ? "{}" : input.toString()));
                }
                open = false;
            }
        }
        assertThat(open).as(as).isFalse();
        JsonNode end = events.get(events.size() - 2);
        message.setAll((ObjectNode) end.path("delta"));
        message.set("usage", end.path("usage"));
        return message;
    }

    private static void grow(ObjectNode block, JsonNode delta, StringBuilder input, String as) {
        String kind = block.path("type").stringValue();
        switch (delta.path("type").stringValue()) {
            case "text_delta" -> append(block, "text", delta, "text", kind, as);
            case "thinking_delta" -> append(block, "thinking", delta, "thinking", kind, as);
            case "signature_delta" ->
                block.put("signature", delta.path("signature").stringValue());
            case "input_json_delta" -> {
                assertThat(kind).as(as).isEqualTo("tool_use");
                input.append(delta.path("partial_json").stringValue());
            }
            default -> throw new AssertionError(as + delta);
        }
    }

    private static void append(ObjectNode block, String field, JsonNode delta, String type, String kind, String as) {
        assertThat(kind).as(as).isEqualTo(type);
        block.put(field, block.path(field).stringValue() + delta.path(field).stringValue());
    }

    /// Calls that a fault made void were told already; everything else is the same.
    private static void assertSame(JsonNode joined, JsonNode answer, String as) {
        if (answer.has("malformed")) {
            joined.path("content").forEach(block -> checkBlock(block, as));
            var kept = MAPPER.createArrayNode();
            joined.path("content").values().stream()
                    .filter(block -> !isCall(block))
                    .forEach(kept::add);
            ((ObjectNode) joined).set("content", kept);
        }
        assertThat(joined).as(as).isEqualTo(answer);
    }
}
