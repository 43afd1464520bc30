package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseTextConfig;
import com.openai.models.responses.WebSearchTool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The responses API with OpenAI's client: text, reasoning, what is stored.
class ResponsesTest {

    private static final String SUM = "What is 17 + 25?";
    private static final String OTHER_SUM = "What is 31 + 12?";

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

    private static Response create(ResponseCreateParams.Builder params) {
        var response = client.responses().create(params.build());
        response.validate();
        return response;
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .map(content -> content.asOutputText().text())
                .collect(Collectors.joining());
    }

    private static String reasoning(Response response) {
        return response.output().stream()
                .flatMap(item -> item.reasoning().stream())
                .flatMap(item -> item.content().orElse(List.of()).stream())
                .map(ResponseReasoningItem.Content::text)
                .collect(Collectors.joining());
    }

    private static ResponseInputItem said(String role, String text) {
        return ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.of(role))
                .content(text)
                .build());
    }

    @Test
    void reasonsAndAnswers() {
        var response = create(ask(SUM));
        assertThat(response.id()).startsWith("resp_");
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        assertThat(response.output()).hasSize(2);
        assertThat(response.output().getFirst().isReasoning()).isTrue();
        assertThat(response.output().getLast().isMessage()).isTrue();
        assertThat(reasoning(response)).isNotEmpty();
        assertThat(text(response)).contains("42");
        var usage = response.usage().orElseThrow();
        assertThat(usage.outputTokensDetails().reasoningTokens()).isBetween(1L, usage.outputTokens() - 1);
        assertThat(usage.totalTokens()).isEqualTo(usage.inputTokens() + usage.outputTokens());
    }

    @Test
    void answersLikeTheChatApi() {
        var answer = server.post("/v1/chat/completions", """
            {"temperature": 0, "messages": [{"role": "user", "content": "%s"}]}""".formatted(SUM));
        var message = answer.json().at("/choices/0/message");
        var response = create(ask(SUM));
        assertThat(text(response)).isEqualTo(message.path("content").stringValue());
        assertThat(reasoning(response))
                .isEqualTo(message.path("reasoning_content").stringValue());
        assertThat(response.usage().orElseThrow().inputTokens())
                .isEqualTo(answer.json().at("/usage/prompt_tokens").asLong());
    }

    @Test
    void doesNotReasonWithoutEffort() {
        var response = create(ask(SUM).reasoning(
                        Reasoning.builder().effort(ReasoningEffort.of("none")).build()));
        assertThat(response.output()).singleElement().matches(ResponseOutputItem::isMessage);
        assertThat(response.usage().orElseThrow().outputTokensDetails().reasoningTokens())
                .isZero();
        assertThat(response.reasoning().orElseThrow().effort()).contains(ReasoningEffort.of("none"));
    }

    @Test
    void saysAgainWhatWasAskedFor() {
        var response = create(ask(SUM).instructions("Be brief.")
                .topP(0.5)
                .maxOutputTokens(500)
                .parallelToolCalls(false)
                .putAdditionalBodyProperty("truncation", JsonValue.from("auto"))
                .metadata(ResponseCreateParams.Metadata.builder()
                        .putAdditionalProperty("topic", JsonValue.from("sums"))
                        .build()));
        assertThat(response.instructions().orElseThrow().asString()).isEqualTo("Be brief.");
        assertThat(response.topP()).contains(0.5);
        assertThat(response.temperature()).contains(0.0);
        assertThat(response.maxOutputTokens()).contains(500L);
        assertThat(response.parallelToolCalls()).isFalse();
        assertThat(response.truncation().orElseThrow()).hasToString("auto");
        assertThat(response.metadata().orElseThrow()._allProperties()).containsEntry("topic", JsonValue.from("sums"));
        assertThat(response.text().orElseThrow().format().orElseThrow().isText())
                .isTrue();
        assertThat(response.usage().orElseThrow().inputTokens())
                .isGreaterThan(create(ask(SUM)).usage().orElseThrow().inputTokens());
    }

    @Test
    void isIncompleteAtTheLimit() {
        var response = create(ask(SUM).maxOutputTokens(5));
        assertThat(response.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(response.incompleteDetails().orElseThrow().reason().orElseThrow())
                .hasToString("max_output_tokens");
        assertThat(response.output().getLast().asReasoning().status().orElseThrow())
                .hasToString("incomplete");
    }

    @Test
    void goesOnFromAStoredResponse() {
        var first = create(ask(SUM));
        var second = create(ask(OTHER_SUM).previousResponseId(first.id()));
        assertThat(second.previousResponseId()).contains(first.id());
        var sent = create(ask("").inputOfResponse(
                        List.of(said("user", SUM), said("assistant", text(first)), said("user", OTHER_SUM))));
        assertThat(text(second)).isEqualTo(text(sent));
        assertThat(second.usage().orElseThrow().inputTokens())
                .isEqualTo(sent.usage().orElseThrow().inputTokens());
        var third = create(ask(SUM).previousResponseId(second.id()));
        assertThat(third.usage().orElseThrow().inputTokens())
                .isGreaterThan(second.usage().orElseThrow().inputTokens());
    }

    @Test
    void takesBackItsOwnItems() {
        var first = create(ask(SUM));
        var items = new ArrayList<ResponseInputItem>();
        items.add(said("user", SUM));
        items.add(ResponseInputItem.ofReasoning(first.output().getFirst().asReasoning()));
        items.add(ResponseInputItem.ofResponseOutputMessage(
                first.output().getLast().asMessage()));
        items.add(said("user", OTHER_SUM));
        var references = first.output().stream()
                .map(item -> item.isReasoning()
                        ? item.asReasoning().id()
                        : item.asMessage().id())
                .map(id -> ResponseInputItem.ofItemReference(
                        ResponseInputItem.ItemReference.builder().id(id).build()))
                .toList();
        var referring = new ArrayList<ResponseInputItem>();
        referring.add(said("user", SUM));
        referring.addAll(references);
        referring.add(said("user", OTHER_SUM));
        var previous = create(ask(OTHER_SUM).previousResponseId(first.id()));
        for (var input : List.of(items, referring)) {
            var response = create(ask("").inputOfResponse(input));
            assertThat(text(response)).isEqualTo(text(previous));
            assertThat(response.usage().orElseThrow().inputTokens())
                    .isEqualTo(previous.usage().orElseThrow().inputTokens());
        }
    }

    @Test
    void instructionsAreNotHandedOn() {
        var first = create(ask(SUM).instructions("Be brief."));
        var second = create(ask(OTHER_SUM).previousResponseId(first.id()));
        var third = create(ask(OTHER_SUM).previousResponseId(first.id()).instructions("Be brief."));
        assertThat(second.instructions()).isEmpty();
        assertThat(third.usage().orElseThrow().inputTokens())
                .isGreaterThan(second.usage().orElseThrow().inputTokens());
    }

    @Test
    void givesAResponseAgainAndForgetsIt() {
        var response = create(ask(SUM));
        assertThat(client.responses().retrieve(response.id())).isEqualTo(response);
        client.responses().delete(response.id());
        assertThat(catchThrowableOfType(
                        NotFoundException.class, () -> client.responses().retrieve(response.id())))
                .hasMessageContaining(response.id());
        assertThat(catchThrowableOfType(
                        NotFoundException.class, () -> client.responses().delete(response.id())))
                .isNotNull();
        var error = catchThrowableOfType(
                BadRequestException.class, () -> create(ask(SUM).previousResponseId(response.id())));
        assertThat(error.code()).contains("previous_response_not_found");
        assertThat(error.param()).contains("previous_response_id");
    }

    @Test
    void storesNothingThatShallNotBeStored() {
        var response = create(ask(SUM).store(false));
        assertThat(catchThrowableOfType(
                        NotFoundException.class, () -> client.responses().retrieve(response.id())))
                .isNotNull();
    }

    @Test
    void acceptsFormats() {
        var schema = ResponseFormatTextJsonSchemaConfig.Schema.builder()
                .putAllAdditionalProperties(OpenAiSdk.schema("answer"))
                .build();
        var response = create(ask(SUM).maxOutputTokens(50)
                .text(ResponseTextConfig.builder()
                        .format(ResponseFormatTextJsonSchemaConfig.builder()
                                .name("answer")
                                .schema(schema)
                                .strict(true)
                                .build())
                        .build()));
        assertThat(response.text()
                        .orElseThrow()
                        .format()
                        .orElseThrow()
                        .asJsonSchema()
                        .name())
                .isEqualTo("answer");
        assertThat(response.usage().orElseThrow().inputTokens())
                .isGreaterThan(create(ask(SUM)).usage().orElseThrow().inputTokens());
        var object = server.post(
                "/v1/responses",
                "{\"input\": \"Hello\", \"max_output_tokens\": 9, \"text\": {\"format\": {\"type\": \"json_object\"}}}");
        assertThat(object.status()).isEqualTo(200);
    }

    @Test
    void tellsLogProbabilitiesOfTheText() {
        var response = create(ask(SUM).addInclude(ResponseIncludable.MESSAGE_OUTPUT_TEXT_LOGPROBS)
                .topLogprobs(2));
        var text = response.output().getLast().asMessage().content().getFirst().asOutputText();
        var logprobs = text.logprobs().orElseThrow();
        assertThat(logprobs.stream().map(token -> token.token()).collect(Collectors.joining()))
                .isEqualTo(text.text());
        assertThat(logprobs).allMatch(token -> token.topLogprobs().size() == 2);
    }

    @Test
    void refusesWhatItHasNot() {
        assertThat(catchThrowableOfType(
                                BadRequestException.class,
                                () -> create(ask(SUM).addTool(WebSearchTool.builder()
                                        .type(WebSearchTool.Type.WEB_SEARCH)
                                        .build())))
                        .param())
                .contains("tools[0].type");
        assertThat(catchThrowableOfType(BadRequestException.class, () -> create(ask(SUM).background(true)))
                        .param())
                .contains("background");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                                  | input
            {"input": 5}                                                        | input
            {"input": []}                                                       | input
            {"input": [5]}                                                      | input[0]
            {"input": [{"role": "robot", "content": "a"}]}                      | input[0].role
            {"input": [{"role": "user"}]}                                       | input[0].content
            {"input": [{"role": "user", "content": [{"type": "input_image"}]}]} | input[0].content[0].type
            {"input": [{"role": "user", "content": [{"type": "input_text"}]}]}  | input[0].content[0].text
            {"input": [{"type": "computer_call"}]}                              | input[0].type
            {"input": [{"type": "function_call", "name": "a"}]}                 | input[0].call_id
            {"input": [{"type": "function_call_output", "call_id": "a"}]}       | input[0].output
            {"input": [{"type": "item_reference", "id": "msg_1_2"}]}            | input[0].id
            {"input": "a", "instructions": 5}                                   | instructions
            {"input": "a", "max_output_tokens": 0}                              | max_output_tokens
            {"input": "a", "truncation": "some"}                                | truncation
            {"input": "a", "metadata": {"a": 5}}                                | metadata
            {"input": "a", "reasoning": {"effort": "huge"}}                     | reasoning.effort
            {"input": "a", "text": {"format": {"type": "xml"}}}                 | text.format.type
            {"input": "a", "text": {"format": {"type": "json_schema"}}}         | text.format.name
            {"input": "a", "tools": [{"type": "function"}]}                     | tools[0].name
            {"input": "a", "tool_choice": {"type": "function", "name": "b"}}    | tool_choice
            {"input": "a", "conversation": "conv_1"}                            | conversation
            {"input": "a", "prompt": {"id": "pmpt_1"}}                          | prompt
            {"input": "a", "n": 2}                                              | n
            {"input": "a", "store": "yes"}                                      | store
            """)
    void namesWrongFields(String body, String param) {
        var answer = server.post("/v1/responses", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/param").stringValue("")).isEqualTo(param);
    }
}
