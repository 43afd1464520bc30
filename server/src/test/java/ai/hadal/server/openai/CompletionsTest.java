package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Completions with OpenAI's client. The prompts are spelled as the chat protocol spells them, so that the
/// model knows what to say.
class CompletionsTest {

    private static final String QUESTION = "<｜User｜>What is 17 + 25?<｜Assistant｜><think>";
    private static final String OTHER = "<｜User｜>What is 31 + 12?<｜Assistant｜><think>";

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

    private static CompletionCreateParams.Builder greedy(String prompt) {
        return CompletionCreateParams.builder()
                .model("nano")
                .prompt(prompt)
                .temperature(0)
                .maxTokens(100);
    }

    private static Completion create(CompletionCreateParams.Builder params) {
        return client.completions().create(params.build());
    }

    private static String text(Completion completion) {
        return completion.choices().getFirst().text();
    }

    @Test
    void continuesATextAndCountsItsTokens() {
        var completion = create(greedy(QUESTION));
        assertThat(text(completion)).contains("</think>").contains("42");
        assertThat(completion.id()).startsWith("cmpl-");
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(CompletionChoice.FinishReason.STOP);
        var usage = completion.usage().orElseThrow();
        assertThat(usage.promptTokens()).isEqualTo(ids(QUESTION).size() + 1);
        assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
    }

    @Test
    void stopsAfterSixteenTokensUnlessToldOtherwise() {
        var completion = create(CompletionCreateParams.builder().model("nano").prompt(QUESTION));
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(16);
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(CompletionChoice.FinishReason.LENGTH);
    }

    private static List<Long> ids(String text) {
        var answer = server.post(
                "/tokenize",
                JsonNodeFactory.instance.objectNode().put("content", text).toString());
        return answer.json().path("tokens").values().stream()
                .map(JsonNode::longValue)
                .toList();
    }

    @Test
    void takesTokenIds() {
        var ids = LongStream.concat(LongStream.of(0), ids(QUESTION).stream().mapToLong(id -> id))
                .boxed()
                .toList();
        var completion = create(greedy("").promptOfArrayOfTokens(ids));
        assertThat(text(completion)).isEqualTo(text(create(greedy(QUESTION))));
    }

    @Test
    void answersEveryPromptOfAListWithItsChoicesInOrder() {
        var completion = create(
                greedy("").promptOfArrayOfStrings(List.of(QUESTION, OTHER)).n(2).bestOf(2));
        assertThat(completion.choices()).extracting(CompletionChoice::index).containsExactly(0L, 1L, 2L, 3L);
        String first = text(create(greedy(QUESTION)));
        String second = text(create(greedy(OTHER)));
        assertThat(completion.choices())
                .extracting(CompletionChoice::text)
                .containsExactly(first, first, second, second);
        assertThat(completion.usage().orElseThrow().promptTokens())
                .isEqualTo(ids(QUESTION).size() + ids(OTHER).size() + 2);
    }

    @Test
    void streamsSeveralPromptsAsTheyGrow() {
        var params = greedy("")
                .promptOfArrayOfStrings(List.of(QUESTION, OTHER))
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (var stream = client.completions().createStreaming(params)) {
            var chunks = stream.stream().toList();
            assertThat(streamed(chunks, 0)).isEqualTo(text(create(greedy(QUESTION))));
            assertThat(streamed(chunks, 1)).isEqualTo(text(create(greedy(OTHER))));
            assertThat(chunks.getLast().choices()).isEmpty();
            assertThat(chunks.getLast().usage().orElseThrow().promptTokens())
                    .isEqualTo(ids(QUESTION).size() + ids(OTHER).size() + 2);
        }
    }

    private static String streamed(List<Completion> chunks, long choice) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .filter(part -> part.index() == choice)
                .map(CompletionChoice::text)
                .collect(Collectors.joining());
    }

    @Test
    void echoesThePrompt() {
        String answer = text(create(greedy(QUESTION)));
        assertThat(text(create(greedy(QUESTION).echo(true)))).isEqualTo(QUESTION + answer);
        try (var stream =
                client.completions().createStreaming(greedy(QUESTION).echo(true).build())) {
            assertThat(streamed(stream.stream().toList(), 0)).isEqualTo(QUESTION + answer);
        }
        assertThatThrownBy(() -> create(greedy(QUESTION).echo(true).logprobs(1)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'echo' with 'logprobs'");
    }

    @Test
    void fillsInWithTheModelsOwnMarkers() {
        var filled = create(greedy("def add(a, b):\n    return ").suffix("\n\nprint(add(1, 2))"));
        var spelled =
                create(greedy("<｜fim▁begin｜>def add(a, b):\n    return <｜fim▁hole｜>\n\nprint(add(1, 2))<｜fim▁end｜>"));
        assertThat(text(filled)).isEqualTo(text(spelled));
        assertThat(filled.usage().orElseThrow().promptTokens())
                .isEqualTo(spelled.usage().orElseThrow().promptTokens());
        var deepseek = server.post("/beta/completions", """
            {"model": "nano", "prompt": "def add(a, b):\\n    return ", "suffix": "\\n\\nprint(add(1, 2))",
             "temperature": 0, "max_tokens": 100}""");
        assertThat(deepseek.json().at("/choices/0/text").stringValue()).isEqualTo(text(filled));
    }

    @Test
    void tellsLogProbabilitiesWithTheirPlaces() {
        var choice = create(greedy(QUESTION).logprobs(3)).choices().getFirst();
        var logprobs = choice.logprobs().orElseThrow();
        var tokens = logprobs.tokens().orElseThrow();
        assertThat(String.join("", tokens)).isEqualTo(choice.text());
        var offsets = logprobs.textOffset().orElseThrow();
        for (int i = 0; i < tokens.size(); i++) {
            assertThat(choice.text().substring(offsets.get(i).intValue())).startsWith(tokens.get(i));
            double chosen = logprobs.tokenLogprobs().orElseThrow().get(i);
            var top = logprobs.topLogprobs().orElseThrow().get(i)._allProperties();
            assertThat(chosen).isBetween(-9999.0, 0.0);
            assertThat(top).hasSize(3).containsEntry(tokens.get(i), JsonValue.from(chosen));
        }
    }

    @Test
    void tellsTheSameLogProbabilitiesInAStream() {
        var whole = create(greedy(QUESTION).logprobs(0)).choices().getFirst().logprobs();
        try (var stream = client.completions()
                .createStreaming(greedy(QUESTION).logprobs(0).build())) {
            var parts = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.logprobs().stream())
                    .toList();
            assertThat(parts.stream().flatMap(part -> part.tokens().orElseThrow().stream()))
                    .containsExactlyElementsOf(whole.orElseThrow().tokens().orElseThrow());
            assertThat(parts.stream().flatMap(part -> part.textOffset().orElseThrow().stream()))
                    .containsExactlyElementsOf(whole.orElseThrow().textOffset().orElseThrow());
        }
    }

    @Test
    void endsAtAStopTextWithoutIt() {
        var choice = create(greedy(QUESTION).stop("</think>")).choices().getFirst();
        assertThat(choice.text()).isNotEmpty().doesNotContain("</think>");
        assertThat(choice.finishReason()).isEqualTo(CompletionChoice.FinishReason.STOP);
    }

    @Test
    void repeatsItselfWithTheSameSeed() {
        var params = CompletionCreateParams.builder()
                .model("nano")
                .prompt("<｜User｜>Tell a story.<｜Assistant｜></think>")
                .maxTokens(60)
                .temperature(1.5)
                .n(3)
                .seed(7);
        var first = create(params).choices();
        assertThat(create(params).choices())
                .extracting(CompletionChoice::text)
                .containsExactlyElementsOf(
                        first.stream().map(CompletionChoice::text).toList());
        assertThat(first.stream().map(CompletionChoice::text).distinct().count())
                .isGreaterThan(1);
    }

    @Test
    void refusesWhatIsNoPrompt() {
        refuses("{}", "prompt", "missing");
        refuses("{\"prompt\": 5}", "prompt", "must be a text");
        refuses("{\"prompt\": []}", "prompt", "none of them empty");
        refuses("{\"prompt\": [\"a\", 5]}", "prompt[1]", "must be a text");
        refuses("{\"prompt\": [1, 4096]}", "prompt", "no token id below 4096");
        refuses("{\"prompt\": [[0, 5], [-1]]}", "prompt[1]", "no token id below 4096");
        refuses("{\"prompt\": \"a\", \"best_of\": 3, \"n\": 2}", "best_of", "equal to 'n'");
        refuses("{\"prompt\": \"a\", \"logprobs\": 21}", "logprobs", "from 0 to 20");
        refuses("{\"prompt\": \"a\", \"suffix\": 1}", "suffix", "a string");
        refuses("{\"prompt\": \"a\", \"max_tokens\": 0}", "max_tokens", "from 1");
    }

    private static void refuses(String body, String param, String message) {
        var answer = server.post("/v1/completions", body);
        assertThat(answer.status()).as(body).isEqualTo(400);
        assertThat(answer.json().at("/error/param").stringValue()).as(body).isEqualTo(param);
        assertThat(answer.json().at("/error/message").stringValue()).as(body).contains(message);
    }

    @Test
    void saysThatAPromptIsTooLong() {
        var answer = server.post("/v1/completions", "{\"prompt\": \"" + "9".repeat(70_000) + "\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/code").stringValue()).isEqualTo("context_length_exceeded");
        assertThat(answer.json().at("/error/param").stringValue()).isEqualTo("prompt");
    }

    @Test
    void endsAllPromptsOfAClientThatGoes() {
        var params = CompletionCreateParams.builder()
                .model("nano")
                .promptOfArrayOfStrings(List.of(QUESTION, OTHER))
                .maxTokens(60_000)
                .logitBias(CompletionCreateParams.LogitBias.builder()
                        .putAllAdditionalProperties(OpenAiSdk.endlessJson(server))
                        .build())
                .build();
        try (var stream = client.completions().createStreaming(params)) {
            assertThat(stream.stream().findFirst()).isPresent();
        }
        OpenAiSdk.awaitIdle(server);
    }
}
