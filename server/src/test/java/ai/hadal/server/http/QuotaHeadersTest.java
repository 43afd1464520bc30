package ai.hadal.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.anthropic.AnthropicDialect;
import ai.hadal.server.openai.OpenAiDialect;
import ai.hadal.server.openai.ResponseDialect;
import ai.hadal.server.reply.Quota;
import ai.hadal.server.reply.Quotas;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What clients are told of their quotas, in the words of each API.
class QuotaHeadersTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Instant now = Instant.parse("2026-05-04T03:02:01Z");
    private WebServer server;

    private void start(Quota quota) {
        var gate = new Gate(
                new ApiKeys(Map.of("team", "key")),
                new Origins(List.of(), false),
                1 << 20,
                new Quotas(quota, () -> now),
                entry -> {});
        Endpoint endpoint = call -> call.send(JsonNodeFactory.instance.objectNode());
        Endpoint stream = call -> {
            try (var events = call.stream()) {
                events.data("[DONE]");
            }
        };
        server = WebServer.builder()
                .routing(routing -> routing.get("/openai", gate.metered(new OpenAiDialect(), endpoint))
                        .get("/responses", gate.metered(new ResponseDialect(), stream))
                        .get("/anthropic", gate.metered(new AnthropicDialect(), endpoint))
                        .get("/free", gate.guarded(new OpenAiDialect(), endpoint)))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
        client.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                        .header("x-api-key", "key")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, String> quotas(HttpResponse<?> response) {
        return response.headers().map().entrySet().stream()
                .filter(header ->
                        header.getKey().contains("ratelimit") || header.getKey().equals("retry-after"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().getFirst(), (a, _) -> a, TreeMap::new));
    }

    @Test
    void openAisHeaders() throws IOException, InterruptedException {
        start(new Quota(2, 7200, 0));
        assertThat(quotas(get("/openai")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "x-ratelimit-limit-requests", "2",
                        "x-ratelimit-remaining-requests", "1",
                        "x-ratelimit-reset-requests", "30s",
                        "x-ratelimit-limit-tokens", "7200",
                        "x-ratelimit-remaining-tokens", "7200",
                        "x-ratelimit-reset-tokens", "0ms"));
        now = now.plusMillis(29_900);
        assertThat(quotas(get("/responses")))
                .containsEntry("x-ratelimit-remaining-requests", "0")
                .containsEntry("x-ratelimit-reset-requests", "30s");
        var refused = get("/openai");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(quotas(refused))
                .containsEntry("x-ratelimit-remaining-requests", "0")
                .containsEntry("x-ratelimit-reset-requests", "30s")
                .containsEntry("retry-after", "1");
        var error = JsonMapper.shared().readTree(refused.body()).path("error");
        assertThat(error.path("type").stringValue()).isEqualTo("rate_limit_error");
        assertThat(error.path("code").stringValue()).isEqualTo("rate_limit_exceeded");
        assertThat(error.path("message").stringValue()).contains("'team' has used up its 2 requests a minute");
        assertThat(get("/free").statusCode()).isEqualTo(200);
        assertThat(quotas(get("/free"))).isEmpty();
        now = now.plusMillis(100);
        assertThat(get("/openai").statusCode()).isEqualTo(200);
    }

    @Test
    void anthropicsHeaders() throws IOException, InterruptedException {
        start(new Quota(1, 0, 86_400));
        assertThat(quotas(get("/anthropic")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "anthropic-ratelimit-requests-limit", "1",
                        "anthropic-ratelimit-requests-remaining", "0",
                        "anthropic-ratelimit-requests-reset", "2026-05-04T03:03:01Z",
                        "anthropic-ratelimit-tokens-limit", "86400",
                        "anthropic-ratelimit-tokens-remaining", "86400",
                        "anthropic-ratelimit-tokens-reset", "2026-05-04T03:02:01Z"));
        var refused = get("/anthropic");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(quotas(refused)).containsEntry("retry-after", "60");
        assertThat(JsonMapper.shared()
                        .readTree(refused.body())
                        .at("/error/type")
                        .stringValue())
                .isEqualTo("rate_limit_error");
    }

    @Test
    void withoutQuotasThereAreNone() throws IOException, InterruptedException {
        start(Quota.NONE);
        assertThat(quotas(get("/openai"))).isEmpty();
        assertThat(quotas(get("/anthropic"))).isEmpty();
    }
}
