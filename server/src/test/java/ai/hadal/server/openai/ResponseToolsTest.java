package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ToolChoiceFunction;
import com.openai.models.responses.ToolChoiceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Tools of the responses API with OpenAI's client.
class ResponseToolsTest {

    private static final String QUESTION = "What is 48 * 17?";

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

    private static FunctionTool calculator() {
        return FunctionTool.builder()
                .name("calculate")
                .description("Compute an expression.")
                .parameters(FunctionTool.Parameters.builder()
                        .putAllAdditionalProperties(OpenAiSdk.schema("expression"))
                        .build())
                .strict(false)
                .build();
    }

    private static ResponseCreateParams.Builder params() {
        return ResponseCreateParams.builder().model("nano").temperature(0).addTool(calculator());
    }

    private static Response create(ResponseCreateParams.Builder params) {
        return client.responses().create(params.build()).validate();
    }

    private static ResponseFunctionToolCall call(Response response) {
        return response.output().getLast().asFunctionCall();
    }

    private static ResponseInputItem result(Response response) {
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(call(response).callId())
                .output("816")
                .build());
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .map(content -> content.asOutputText().text())
                .collect(Collectors.joining());
    }

    @Test
    void callsAToolAndAnswersWithItsResult() {
        var asked = create(params().input(QUESTION));
        assertThat(asked.output()).hasSize(2);
        assertThat(asked.output().getFirst().isReasoning()).isTrue();
        assertThat(call(asked).name()).isEqualTo("calculate");
        assertThat(call(asked).callId()).startsWith("call_");
        assertThat(JsonMapper.shared().readTree(call(asked).arguments()))
                .isEqualTo(JsonMapper.shared().readTree("{\"expression\": \"48 * 17\"}"));
        var answered = create(params().previousResponseId(asked.id()).inputOfResponse(List.of(result(asked))));
        assertThat(text(answered)).contains("48 * 17 = 816");
    }

    @Test
    void aClientThatKeepsItsItemsGetsTheSameAnswer() {
        var asked = create(params().input(QUESTION));
        var stored = create(params().previousResponseId(asked.id()).inputOfResponse(List.of(result(asked))));
        var items = new ArrayList<ResponseInputItem>();
        items.add(ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content(QUESTION)
                .build()));
        items.add(ResponseInputItem.ofReasoning(asked.output().getFirst().asReasoning()));
        items.add(ResponseInputItem.ofFunctionCall(call(asked)));
        items.add(result(asked));
        var kept = create(params().inputOfResponse(items).store(false));
        // Without its reasoning, which the server remembers.
        items.remove(1);
        var dropped = create(params().inputOfResponse(items).store(false));
        for (var other : List.of(kept, dropped)) {
            assertThat(text(other)).isEqualTo(text(stored));
            assertThat(other.usage().orElseThrow().inputTokens())
                    .isEqualTo(stored.usage().orElseThrow().inputTokens());
        }
    }

    @Test
    void promptsAreThoseOfTheChatApi() {
        String function = """
            "name": "calculate", "description": "Compute an expression.", "parameters":
             {"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]}""";
        var response = server.post("/v1/responses", """
            {"temperature": 0, "input": "%s", "tools": [{"type": "function", %s}]}""".formatted(QUESTION, function));
        var chat = server.post("/v1/chat/completions", """
            {"temperature": 0, "messages": [{"role": "user", "content": "%s"}],
             "tools": [{"type": "function", "function": {%s}}]}""".formatted(QUESTION, function));
        assertThat(response.json().at("/usage/input_tokens").asLong())
                .isEqualTo(chat.json().at("/usage/prompt_tokens").asLong());
        assertThat(response.json().at("/output/0/content/0/text").asString())
                .isEqualTo(
                        chat.json().at("/choices/0/message/reasoning_content").asString());
    }

    @Test
    void streamsTheSameCall() {
        var whole = create(params().input(QUESTION));
        var accumulator = ResponseAccumulator.create();
        try (var stream =
                client.responses().createStreaming(params().input(QUESTION).build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        var streamed = accumulator.response();
        assertThat(call(streamed).name()).isEqualTo(call(whole).name());
        assertThat(call(streamed).arguments()).isEqualTo(call(whole).arguments());
    }

    @Test
    void keepsToAllChoices() {
        assertThat(create(params().input(QUESTION).toolChoice(ToolChoiceOptions.REQUIRED))
                        .output())
                .anyMatch(item -> item.isFunctionCall());
        var named = create(params().input(QUESTION)
                .parallelToolCalls(false)
                .toolChoice(ToolChoiceFunction.builder().name("calculate").build()));
        assertThat(named.output()).anyMatch(item -> item.isFunctionCall());
        assertThat(named.toolChoice().asFunction().name()).isEqualTo("calculate");
        var none = create(params().input(QUESTION).toolChoice(ToolChoiceOptions.NONE));
        assertThat(none.toolChoice().asOptions()).isEqualTo(ToolChoiceOptions.NONE);
        assertThat(none.output()).noneMatch(item -> item.isFunctionCall());
    }

    @Test
    void readsResultsInParts() {
        var asked = create(params().input(QUESTION));
        var answered = server.post(
                "/v1/responses", """
            {"temperature": 0, "previous_response_id": "%s", "input": [{"type": "function_call_output",
             "call_id": "%s", "output": [{"type": "input_text", "text": "816"}]}]}""".formatted(asked.id(), call(asked).callId()));
        assertThat(answered.json().at("/output/1/content/0/text").asString()).contains("48 * 17 = 816");
    }
}
