package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.ApiKeys;
import ai.hadal.server.http.Endpoint;
import ai.hadal.server.http.Gate;
import ai.hadal.server.http.Origins;
import ai.hadal.server.reply.Quota;
import ai.hadal.server.reply.Quotas;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.SseException;
import com.anthropic.models.messages.MessageCreateParams;
import io.helidon.webserver.WebServer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Errors as Anthropic's own client for Java understands them.
class AnthropicDialectTest {

    private static final MessageCreateParams PARAMS = MessageCreateParams.builder()
            .model("any")
            .maxTokens(1)
            .addUserMessage("Hello!")
            .build();

    private WebServer server;
    private AnthropicClient client;

    private void start(Endpoint endpoint) {
        var gate = new Gate(
                new ApiKeys(Map.of()),
                new Origins(List.of(), false),
                1 << 20,
                new Quotas(Quota.NONE, InstantSource.system()),
                entry -> {});
        server = WebServer.builder()
                .routing(routing -> routing.post("/v1/messages", gate.guarded(new AnthropicDialect(), endpoint)))
                .build()
                .start();
        client = AnthropicOkHttpClient.builder()
                .apiKey("any")
                .baseUrl("http://localhost:" + server.port())
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400, invalid_request_error",
        "UNAUTHENTICATED, 401, authentication_error",
        "FORBIDDEN, 403, permission_error",
        "NOT_FOUND, 404, not_found_error",
        "METHOD_NOT_ALLOWED, 405, invalid_request_error",
        "TIMEOUT, 408, timeout_error",
        "TOO_LARGE, 413, request_too_large",
        "UNSUPPORTED_MEDIA, 415, invalid_request_error",
        "RATE_LIMITED, 429, rate_limit_error",
        "INTERNAL, 500, api_error",
        "UNAVAILABLE, 529, overloaded_error"
    })
    void everyKindHasItsStatusAndType(Kind kind, int status, String type) {
        start(call -> {
            throw new ApiException(kind, "it went wrong; mend it");
        });
        assertThatThrownBy(() -> client.messages().create(PARAMS))
                .isInstanceOfSatisfying(AnthropicServiceException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(status);
                    assertThat(e.errorType().orElseThrow().asString()).isEqualTo(type);
                    assertThat(e.apiMessage()).contains("it went wrong; mend it");
                    assertThat(e.requestId().orElseThrow()).startsWith("req_");
                });
    }

    @Test
    void aStreamMayEndInAnError() {
        start(call -> {
            call.stream().event("ping", JsonNodeFactory.instance.objectNode().put("type", "ping"));
            throw new ApiException(Kind.UNAVAILABLE, "the server is shutting down; ask another one");
        });
        assertThatThrownBy(() -> {
                    try (var stream = client.messages().createStreaming(PARAMS)) {
                        assertThat(stream.stream()).isEmpty();
                    }
                })
                .isInstanceOfSatisfying(SseException.class, e -> {
                    assertThat(e.errorType().orElseThrow().asString()).isEqualTo("overloaded_error");
                    assertThat(e.getMessage()).contains("shutting down");
                });
    }

    @Test
    void theServersOwnFaultsAreItsOwn() {
        start(call -> {
            throw new IllegalStateException("secret");
        });
        assertThatThrownBy(() -> client.messages().create(PARAMS))
                .isInstanceOfSatisfying(AnthropicServiceException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(500);
                    assertThat(e.getMessage()).doesNotContain("secret");
                });
    }
}
