package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Tokenizers;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.reply.ModelOutputs;
import ai.hadal.server.reply.ModelOutputs.Output;
import ai.hadal.server.reply.ScriptedExchange;
import ai.hadal.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Whatever a model writes, the chat API gives well-formed chunks and answers without markup, and both agree.
class ChatLeakTest {

    private static final int OUTPUTS = 10_000;
    private static final Heading HEADING = new Heading("chatcmpl-1", "nano", 0);
    private static final Tokenizer TOKENIZER = Tokenizers.at(Path.of("../models/nano"));
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
                assertSame(joined(chunks(output), as), answer, as);
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(as, e);
            }
        });
        for (int count : kinds) {
            assertThat(count).as("texts, calls and faults are all there").isGreaterThan(OUTPUTS / 10);
        }
    }

    private static JsonNode answer(Output output) throws IOException {
        var exchange = ScriptedExchange.of(output.reasons(), output.texts(), output.end());
        var answer = new ChatAnswer(HEADING, exchange, 1, TOKENIZER);
        exchange.run(answer);
        return MAPPER.readTree(answer.json().toString()).at("/choices/0");
    }

    /// The data of the events.
    private static List<String> chunks(Output output) throws IOException {
        var out = new ByteArrayOutputStream();
        var exchange = ScriptedExchange.of(output.reasons(), output.texts(), output.end());
        var chunks = new ChatChunks(HEADING, exchange, 1, TOKENIZER, false, new EventStream(out));
        exchange.run(chunks);
        chunks.end();
        var data = new ArrayList<String>();
        for (String event : out.toString(StandardCharsets.UTF_8).split("\n\n")) {
            assertThat(event).doesNotContain("\n").matches("(?s)(: |data: ).*");
            if (event.startsWith("data: ")) {
                data.add(event.substring("data: ".length()));
            }
        }
        return data;
    }

    /// Checks an answer.
    ///
    /// @return 0 for text, 1 for calls, 2 for faults
    private static int check(JsonNode choice, String as) {
        JsonNode message = choice.path("message");
        JsonNode calls = message.path("tool_calls");
        assertThat(message.path("content").asString("")
                        + message.path("reasoning_content").asString(""))
                .as(as)
                .doesNotContain(ModelOutputs.MARKUP);
        for (JsonNode call : calls) {
            JsonNode function = call.path("function");
            assertThat(function.path("name").stringValue()).as(as).doesNotContain(ModelOutputs.MARKUP);
            JsonNode arguments = MAPPER.readTree(function.path("arguments").stringValue());
            assertThat(arguments.isObject()).as(as).isTrue();
            assertThat(arguments.propertyNames())
                    .as(as)
                    .noneMatch(name -> ModelOutputs.MARKUP.stream().anyMatch(name::contains));
        }
        boolean faulty = choice.has("malformed");
        assertThat(faulty && !calls.isEmpty()).as(as).isFalse();
        String reason = choice.path("finish_reason").stringValue();
        assertThat(reason).as(as).isIn("stop", "length", "tool_calls");
        if (reason.equals("tool_calls")) {
            assertThat(calls).as(as).isNotEmpty();
        }
        if (!calls.isEmpty()) {
            return 1;
        }
        return faulty ? 2 : 0;
    }

    /// A choice of what the chunks say.
    private static JsonNode joined(List<String> data, String as) {
        assertThat(data.getLast()).as(as).isEqualTo("[DONE]");
        var content = new StringBuilder();
        var reasoning = new StringBuilder();
        ArrayNode calls = MAPPER.createArrayNode();
        ObjectNode joined = MAPPER.createObjectNode();
        for (String json : data.subList(0, data.size() - 1)) {
            JsonNode choice = MAPPER.readTree(json).at("/choices/0");
            assertThat(joined.has("finish_reason")).as(as).isFalse();
            JsonNode delta = choice.path("delta");
            content.append(delta.path("content").asString(""));
            reasoning.append(delta.path("reasoning_content").asString(""));
            for (JsonNode piece : delta.path("tool_calls")) {
                grow(calls, piece, as);
            }
            if (!choice.path("finish_reason").isNull()) {
                joined.set("finish_reason", choice.path("finish_reason"));
                if (choice.has("malformed")) {
                    joined.set("malformed", choice.path("malformed"));
                }
            }
        }
        joined.put("content", content.toString()).put("reasoning", reasoning.toString());
        joined.set("tool_calls", calls);
        return joined;
    }

    private static void grow(ArrayNode calls, JsonNode piece, String as) {
        int index = piece.path("index").intValue();
        JsonNode function = piece.path("function");
        if (index == calls.size()) {
            assertThat(piece.path("id").stringValue()).as(as).startsWith("call_");
            assertThat(piece.path("type").stringValue()).as(as).isEqualTo("function");
            assertThat(function.path("name").stringValue()).as(as).doesNotContain(ModelOutputs.MARKUP);
            calls.addObject().put("name", function.path("name").stringValue()).put("arguments", "");
        } else {
            assertThat(index).as(as).isEqualTo(calls.size() - 1);
            assertThat(function.has("name")).as(as).isFalse();
        }
        var call = (ObjectNode) calls.get(index);
        call.put(
                "arguments",
                call.path("arguments").stringValue()
                        + function.path("arguments").stringValue());
    }

    private static void assertSame(JsonNode joined, JsonNode answer, String as) {
        JsonNode message = answer.path("message");
        assertThat(joined.path("content").stringValue())
                .as(as)
                .isEqualTo(message.path("content").asString(""));
        assertThat(joined.path("reasoning").stringValue())
                .as(as)
                .isEqualTo(message.path("reasoning_content").asString(""));
        assertThat(joined.path("finish_reason")).as(as).isEqualTo(answer.path("finish_reason"));
        assertThat(joined.path("malformed")).as(as).isEqualTo(answer.path("malformed"));
        if (!answer.has("malformed")) {
            var functions = MAPPER.createArrayNode();
            message.path("tool_calls").forEach(call -> functions.add(Objects.requireNonNull(call.get("function"))));
            assertThat(joined.path("tool_calls")).as(as).isEqualTo(functions);
        }
    }
}
