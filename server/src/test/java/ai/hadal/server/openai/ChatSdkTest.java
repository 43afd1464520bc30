package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonObject;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Chat completions with OpenAI's client: text, reasoning and their numbers.
class ChatSdkTest {

    private static final String REASONING = "reasoning_content";

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

    private static ChatCompletionCreateParams.Builder ask(String question) {
        return ChatCompletionCreateParams.builder().model("nano").temperature(0).addUserMessage(question);
    }

    private static ChatCompletion create(ChatCompletionCreateParams.Builder params) {
        return client.chat().completions().create(params.build());
    }

    private static String text(ChatCompletion.Choice choice) {
        return choice.message().content().orElse("");
    }

    private static String text(ChatCompletion completion) {
        return text(completion.choices().getFirst());
    }

    private static String reasoning(Map<String, JsonValue> properties) {
        var value = properties.get(REASONING);
        return value == null ? "" : value.asStringOrThrow();
    }

    private static CompletionUsage usage(ChatCompletion completion) {
        return completion.usage().orElseThrow();
    }

    private static long reasoningTokens(ChatCompletion completion) {
        return usage(completion)
                .completionTokensDetails()
                .orElseThrow()
                .reasoningTokens()
                .orElseThrow();
    }

    @Test
    void reasonsAndAnswers() {
        var completion = create(ask("What is 17 + 25?"));
        completion.validate();
        var choice = completion.choices().getFirst();
        assertThat(text(choice)).contains("42");
        assertThat(reasoning(choice.message()._allProperties())).isNotEmpty();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(completion.model()).isEqualTo("nano");
        assertThat(completion.id()).startsWith("chatcmpl-");
        var usage = usage(completion);
        assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
        assertThat(reasoningTokens(completion)).isBetween(1L, usage.completionTokens() - 1);
    }

    @Test
    void streamsWhatItAnswersAtOnce() {
        var whole = create(ask("What is 17 + 25?"));
        var params = ask("What is 17 + 25?")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = client.chat().completions().createStreaming(params)) {
            var chunks = stream.stream().peek(accumulator::accumulate).toList();
            assertThat(chunks)
                    .extracting(ChatCompletionChunk::id)
                    .containsOnly(chunks.getFirst().id());
            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .map(choice -> reasoning(choice.delta()._allProperties()))
                            .collect(Collectors.joining()))
                    .isEqualTo(reasoning(whole.choices().getFirst().message()._allProperties()));
            assertThat(chunks.getLast().choices()).isEmpty();
        }
        var streamed = accumulator.chatCompletion();
        assertThat(text(streamed)).isEqualTo(text(whole));
        assertThat(usage(streamed).promptTokens()).isEqualTo(usage(whole).promptTokens());
        assertThat(usage(streamed).completionTokens()).isEqualTo(usage(whole).completionTokens());
        assertThat(reasoningTokens(streamed)).isEqualTo(reasoningTokens(whole));
    }

    @Test
    void doesNotReasonWhereItShallNot() {
        for (var params : List.of(
                ask("What is 17 + 25?").reasoningEffort(ReasoningEffort.of("none")),
                ask("What is 17 + 25?").model("deepseek-chat"),
                ask("What is 17 + 25?")
                        .putAdditionalBodyProperty("thinking", JsonValue.from(Map.of("type", "disabled"))))) {
            var completion = create(params);
            assertThat(completion.choices().getFirst().message()._allProperties())
                    .doesNotContainKey(REASONING);
            assertThat(text(completion)).isNotEmpty();
            assertThat(reasoningTokens(completion)).isZero();
        }
    }

    @Test
    void givesSeveralAnswersAndRepeatsThemWithTheSameSeed() {
        var params = ask("Tell a story.")
                .reasoningEffort(ReasoningEffort.of("none"))
                .temperature(1.5)
                .n(3)
                .putAdditionalBodyProperty("seed", JsonValue.from(11))
                .maxCompletionTokens(60);
        var first = create(params);
        assertThat(first.choices()).extracting(ChatCompletion.Choice::index).containsExactly(0L, 1L, 2L);
        var texts = first.choices().stream().map(ChatSdkTest::text).toList();
        assertThat(texts).doesNotHaveDuplicates();
        assertThat(create(params).choices()).extracting(ChatSdkTest::text).containsExactlyElementsOf(texts);
        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = client.chat().completions().createStreaming(params.build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        assertThat(accumulator.chatCompletion().choices())
                .extracting(ChatSdkTest::text)
                .containsExactlyElementsOf(texts);
    }

    @Test
    void tellsLogProbabilitiesOfTheAnswer() {
        var completion = create(ask("What is 17 + 25?").logprobs(true).topLogprobs(2));
        var content = completion
                .choices()
                .getFirst()
                .logprobs()
                .orElseThrow()
                .content()
                .orElseThrow();
        var bytes = new ByteArrayOutputStream();
        for (var token : content) {
            token.bytes().orElseThrow().forEach(b -> bytes.write(b.intValue()));
            assertThat(token.topLogprobs()).hasSize(2);
            // Greedy: the likeliest token was taken.
            assertThat(token.topLogprobs().getFirst().token()).isEqualTo(token.token());
            assertThat(token.topLogprobs().getFirst().logprob()).isEqualTo(token.logprob());
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(text(completion));
        assertThat(create(ask("What is 17 + 25?")).choices().getFirst().logprobs())
                .isEmpty();
    }

    @Test
    void endsAtAStopTextWithoutIt() {
        var whole = text(create(ask("What is 17 + 25?")));
        var choice = create(ask("What is 17 + 25?").stop("42")).choices().getFirst();
        assertThat(text(choice)).isEqualTo(whole.substring(0, whole.indexOf("42")));
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    }

    @Test
    void endsAtTheLimit() {
        var completion = create(ask("What is 17 + 25?").maxCompletionTokens(5));
        assertThat(usage(completion).completionTokens()).isEqualTo(5);
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    }

    @Test
    void goesOnWithAPrefix() {
        var answer = server.post("/beta/chat/completions", """
            {"temperature": 0, "thinking": {"type": "disabled"}, "max_tokens": 20, "messages": [
              {"role": "user", "content": "What is 17 + 25?"},
              {"role": "assistant", "content": "17 + 25 = ", "prefix": true}]}""");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/choices/0/message/content").stringValue())
                .isNotEmpty()
                .doesNotContain("17 + 25");
    }

    @Test
    void acceptsFormats() {
        var object = ask("What is 17 + 25?")
                .responseFormat(ResponseFormatJsonObject.builder().build())
                .maxCompletionTokens(50);
        assertThat(create(object).choices()).hasSize(1);
        var schema = ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                .putAllAdditionalProperties(OpenAiSdk.schema("answer"))
                .build();
        var structured = ask("What is 17 + 25?")
                .responseFormat(ResponseFormatJsonSchema.builder()
                        .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("answer")
                                .schema(schema)
                                .build())
                        .build())
                .maxCompletionTokens(50);
        var completion = create(structured);
        assertThat(completion.choices()).hasSize(1);
        // The schema stands in the prompt.
        assertThat(usage(completion).promptTokens())
                .isGreaterThan(usage(create(ask("What is 17 + 25?"))).promptTokens());
    }

    /// A class whose schema the client makes.
    static final class Sum {

        public int sum;
    }

    @Test
    void acceptsTheSchemaOfAClass() {
        var params = ask("What is 17 + 25?").maxCompletionTokens(50).responseFormat(Sum.class);
        var completion = client.chat().completions().create(params.build()).rawChatCompletion();
        assertThat(completion.choices()).hasSize(1);
        assertThat(usage(completion).promptTokens())
                .isGreaterThan(usage(create(ask("What is 17 + 25?"))).promptTokens());
    }

    @Test
    void ownsOneModel() {
        var models = client.models().list().data();
        assertThat(models).hasSize(1);
        models.getFirst().validate();
        assertThat(models.getFirst().id()).isEqualTo("nano");
        assertThat(client.models().retrieve("nano").ownedBy()).isEqualTo("hadal");
        assertThat(client.models().retrieve("deepseek-reasoner").id()).isEqualTo("deepseek-reasoner");
    }

    @Test
    void endsWhatAClientNoLongerReads() {
        var params = ask("Tell a story.")
                .logitBias(ChatCompletionCreateParams.LogitBias.builder()
                        .putAllAdditionalProperties(OpenAiSdk.endlessJson(server))
                        .build())
                .maxCompletionTokens(60_000)
                .build();
        try (var stream = client.chat().completions().createStreaming(params)) {
            assertThat(stream.stream().skip(3).findFirst()).isPresent();
            assertThat(server.server().load().running()).isEqualTo(1);
        }
        OpenAiSdk.awaitIdle(server);
        assertThat(text(create(ask("What is 17 + 25?")))).contains("42");
    }

    @Test
    void remembersReasoningThatAClientDropped() {
        var first = create(ask("What is 17 + 25?"));
        ChatCompletionMessage said = first.choices().getFirst().message();
        var returned = said.toParam().toBuilder()
                .putAdditionalProperty(REASONING, said._allProperties().get(REASONING))
                .build();
        var dropped =
                said.toParam().toBuilder().removeAdditionalProperty(REASONING).build();
        var withIt = create(ask("What is 17 + 25?").addMessage(returned).addUserMessage("What is 31 + 12?"));
        var withoutIt = create(ask("What is 17 + 25?").addMessage(dropped).addUserMessage("What is 31 + 12?"));
        assertThat(text(withoutIt)).isEqualTo(text(withIt));
        assertThat(usage(withoutIt).promptTokens()).isEqualTo(usage(withIt).promptTokens());
    }
}
