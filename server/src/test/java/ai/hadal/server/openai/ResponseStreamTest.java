package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The events of the responses API, with OpenAI's client and as they are written.
class ResponseStreamTest {

    private static final String SUM = "What is 17 + 25?";

    private static ServerUnderTest server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start();
        client = OpenAiSdk.client(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static ResponseCreateParams.Builder ask(String question) {
        return ResponseCreateParams.builder().model("nano").temperature(0).input(question);
    }

    private static Response streamed(ResponseCreateParams params) {
        var accumulator = ResponseAccumulator.create();
        try (var stream = client.responses().createStreaming(params)) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(accumulator::accumulate);
        }
        return accumulator.response();
    }

    @Test
    void aStreamEndsInTheResponseThatComesAtOnce() {
        var params = ask(SUM).build();
        var whole = client.responses().create(params);
        var streamed = streamed(params);
        assertThat(streamed.status()).contains(ResponseStatus.COMPLETED);
        assertThat(streamed.output()).hasSameSizeAs(whole.output());
        assertThat(streamed.output().getFirst().asReasoning().content())
                .isEqualTo(whole.output().getFirst().asReasoning().content());
        assertThat(streamed.output().getLast().asMessage().content())
                .isEqualTo(whole.output().getLast().asMessage().content());
        assertThat(streamed.usage().orElseThrow().outputTokens())
                .isEqualTo(whole.usage().orElseThrow().outputTokens());
        assertThat(client.responses().retrieve(streamed.id())).isEqualTo(streamed);
    }

    @Test
    void aStreamMayEndIncomplete() {
        var response = streamed(ask(SUM).maxOutputTokens(4).build());
        assertThat(response.status()).contains(ResponseStatus.INCOMPLETE);
    }

    private static List<JsonNode> events(String body) {
        var answer = server.post("/v1/responses", body);
        assertThat(answer.status()).isEqualTo(200);
        var events = new ArrayList<JsonNode>();
        for (String block : answer.body().split("\n\n")) {
            if (!block.startsWith(":")) {
                var lines = block.split("\n");
                assertThat(lines).hasSize(2);
                JsonNode json = JsonMapper.shared().readTree(lines[1].substring("data: ".length()));
                assertThat(lines[0]).isEqualTo("event: " + json.path("type").asString());
                events.add(json);
            }
        }
        return events;
    }

    /// Names of events in their order; deltas that follow each other count once.
    private static List<String> order(List<JsonNode> events) {
        var names = new ArrayList<String>();
        for (var event : events) {
            String name = event.path("type").asString().replace("response.", "");
            if (!name.endsWith(".delta") || !name.equals(names.getLast())) {
                names.add(name);
            }
        }
        return names;
    }

    @Test
    void eventsComeInTheirOrderAndNumbered() {
        var events = events("{\"stream\": true, \"temperature\": 0, \"input\": \"" + SUM + "\"}");
        assertThat(order(events))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "content_part.added",
                        "reasoning_text.delta",
                        "reasoning_text.done",
                        "content_part.done",
                        "output_item.done",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_text.done",
                        "content_part.done",
                        "output_item.done",
                        "completed");
        assertThat(events.stream().map(event -> event.path("sequence_number").asInt()))
                .containsExactlyElementsOf(
                        IntStream.range(0, events.size()).boxed().toList());
        agree(events);
    }

    /// The pieces make the wholes, and the items of the events are those of the response.
    private static void agree(List<JsonNode> events) {
        var output = events.getLast().at("/response/output");
        var pieces = new ArrayList<StringBuilder>();
        output.forEach(item -> pieces.add(new StringBuilder()));
        for (var event : events) {
            int at = event.path("output_index").asInt(-1);
            String type = event.path("type").asString();
            if (at >= 0) {
                String id = event.path("item_id").asString(event.at("/item/id").asString());
                assertThat(id).isEqualTo(output.path(at).path("id").asString());
            }
            if (type.endsWith(".delta")) {
                pieces.get(at).append(event.path("delta").asString());
            } else if (type.endsWith("_text.done")) {
                assertThat(event.path("text").asString())
                        .isEqualTo(pieces.get(at).toString());
            } else if (type.endsWith("arguments.done")) {
                assertThat(event.path("arguments").asString())
                        .isEqualTo(pieces.get(at).toString());
            } else if (type.equals("response.output_item.done")) {
                assertThat(event.path("item")).isEqualTo(output.path(at));
            }
        }
    }

    @Test
    void callsAreDoneWhenTheReplyIs() {
        var events = events("""
            {"stream": true, "temperature": 0, "reasoning": {"effort": "none"},
             "input": "What is the weather in Paris and what time is it in Rome?", "tools": [
              {"type": "function", "name": "get_weather", "description": "The weather in a city.", "parameters":
               {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}},
              {"type": "function", "name": "get_time", "description": "The time in a city.", "parameters":
               {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}]}""");
        assertThat(order(events))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.done",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.done",
                        "output_item.done",
                        "output_item.done",
                        "completed");
        agree(events);
    }

    @Test
    void aCallThatIsCutOffIsNoPartOfTheResponse() {
        var events = events("""
            {"stream": true, "temperature": 0, "reasoning": {"effort": "none"}, "max_output_tokens": 25,
             "input": "What is 48 * 17?", "tools": [
              {"type": "function", "name": "calculate", "description": "Compute an expression.", "parameters":
               {"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]}}]}""");
        var last = events.getLast();
        assertThat(last.path("type").asString()).isEqualTo("response.incomplete");
        assertThat(last.at("/response/output")).isEmpty();
        assertThat(last.at("/response/malformed/0/reason").asString()).isNotEmpty();
        var done = events.get(events.size() - 2);
        assertThat(done.path("type").asString()).isEqualTo("response.output_item.done");
        assertThat(done.at("/item/status").asString()).isEqualTo("incomplete");
    }

    @Test
    void endsWhatAClientNoLongerReads() {
        var params = ResponseCreateParams.builder()
                .model("nano")
                .input("Tell a story.")
                .maxOutputTokens(60_000)
                .putAdditionalBodyProperty("logit_bias", JsonValue.from(OpenAiSdk.endless(server)))
                .build();
        try (var stream = client.responses().createStreaming(params)) {
            assertThat(stream.stream().skip(6).findFirst()).isPresent();
            assertThat(server.server().load().running()).isEqualTo(1);
        }
        OpenAiSdk.awaitIdle(server);
    }
}
