package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.server.reply.Quota;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What counts against the tokens of a key, and that it is refused in every API when they are used up.
class KeyQuotaTest {

    /// A day's: what comes back during a test is no more than one.
    private static final int TOKENS = 2_000;

    private static ServerUnderTest server;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(
                config -> config.withApiKeys(Map.of("a", "key-a", "b", "key-b", "c", "key-c", "d", "key-d"))
                        .withLimits(config.limits().withQuota(new Quota(0, 0, TOKENS))));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static HttpRequest ask(String key, String body) {
        return HttpRequest.newBuilder(server.uri("/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> post(String key, String body) throws IOException, InterruptedException {
        return client.send(ask(key, body), BodyHandlers.ofString());
    }

    private static int left(HttpResponse<?> response) {
        return Integer.parseInt(
                response.headers().firstValue("x-ratelimit-remaining-tokens").orElseThrow());
    }

    @Test
    void answersCountAndPromptsThatWereNotCached() throws IOException, InterruptedException {
        String body = """
                {"n": 2, "max_tokens": 5, "messages": [{"role": "user", "content": "%s"}]}""".formatted("kelp ".repeat(150));
        int expected = TOKENS;
        for (int i = 0; i < 2; i++) {
            var response = post("key-a", body);
            var usage = ServerUnderTest.MAPPER.readTree(response.body()).path("usage");
            expected -= usage.path("prompt_cache_miss_tokens").intValue()
                    + usage.path("completion_tokens").intValue();
            if (i > 0) {
                assertThat(usage.path("prompt_cache_hit_tokens").intValue()).isGreaterThan(150);
            }
            assertThat(left(response)).isBetween(expected, expected + 1);
        }
        assertThat(expected).isLessThan(TOKENS - 150);
    }

    @Test
    void whatIsRefusedCostsNothing() throws IOException, InterruptedException {
        var wrong = post("key-d", "{\"messages\": 5}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        var tooLong =
                post("key-d", "{\"messages\": [{\"role\": \"user\", \"content\": \"" + "9".repeat(70_000) + "\"}]}");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(left(tooLong)).isEqualTo(TOKENS);
    }

    @Test
    void aKeyWithoutTokensIsRefused() throws IOException, InterruptedException {
        var first = post(
                "key-b",
                "{\"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"" + "a b ".repeat(1500)
                        + "\"}]}");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(left(first)).isZero();
        var refused = post("key-b", "{\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(1L, 86_400L * 2);
        var openai = OpenAIOkHttpClient.builder()
                .baseUrl(server.uri("/v1").toString())
                .apiKey("key-b")
                .maxRetries(0)
                .build();
        assertThatThrownBy(() -> openai.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("nano")
                                .addUserMessage("Hello")
                                .build()))
                .isInstanceOf(com.openai.errors.RateLimitException.class)
                .hasMessageContaining("2,000 tokens a day");
        openai.close();
        var anthropic = AnthropicOkHttpClient.builder()
                .baseUrl(server.uri("").toString())
                .apiKey("key-b")
                .maxRetries(0)
                .build();
        assertThatThrownBy(() -> anthropic
                        .messages()
                        .create(MessageCreateParams.builder()
                                .model("nano")
                                .maxTokens(1)
                                .addUserMessage("Hello")
                                .build()))
                .isInstanceOf(com.anthropic.errors.RateLimitException.class)
                .hasMessageContaining("2,000 tokens a day");
        anthropic.close();
        assertThat(server.get("/v1/models", "x-api-key", "key-b").status()).isEqualTo(200);
    }

    /// Or whoever leaves before the end would pay nothing.
    @Test
    void whatAClientDidNotWaitForCounts() throws IOException, InterruptedException {
        String endless = """
                {"stream": true, "max_tokens": 50000, "temperature": 0, "logit_bias": {"%d": -100},
                 "messages": [{"role": "user", "content": "Hello"}]}""".formatted(server.engine().tokenizer().eosId());
        var response = client.send(ask("key-c", endless), BodyHandlers.ofLines());
        try (var lines = response.body()) {
            assertThat(lines.filter(line -> line.startsWith("data: ")).limit(50))
                    .hasSize(50);
        }
        server.awaitLoad(0, 0);
        var next = post("key-c", "{\"max_tokens\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
        assertThat(next.headers().firstValue("x-ratelimit-remaining-tokens").map(Integer::parseInt))
                .hasValueSatisfying(left -> assertThat(left).isLessThan(left(response) - 40));
    }
}
