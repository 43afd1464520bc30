package ai.hadal.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.anthropic.AnthropicDialect;
import ai.hadal.server.reply.Quota;
import ai.hadal.server.reply.Quotas;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which pages may call the server, as browsers ask it.
class CorsTest {

    private static HttpResponse<String> ask(List<String> allowed, String method, String origin)
            throws IOException, InterruptedException {
        var gate = new Gate(
                new ApiKeys(Map.of("page", "key")),
                new Origins(allowed),
                1 << 20,
                new Quotas(Quota.NONE, InstantSource.system()),
                entry -> {});
        var handler = gate.guarded(new AnthropicDialect(), call -> call.send(JsonNodeFactory.instance.objectNode()));
        var server = WebServer.builder()
                .routing(routing -> routing.any("/", handler))
                .build()
                .start();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .header("Origin", origin)
                            .header("Access-Control-Request-Headers", "x-api-key")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } finally {
            server.stop();
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({"https://ok.example,https://ok.example", "*,*"})
    void browsersAskBeforehandWithoutAKey(String allowed, String told) throws IOException, InterruptedException {
        var response = ask(List.of(allowed), "OPTIONS", "https://ok.example");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "access-control-allow-origin")).isEqualTo(told);
        assertThat(header(response, "access-control-allow-methods")).contains("POST");
        assertThat(header(response, "access-control-allow-headers")).isEqualTo("x-api-key");
    }

    @Test
    void anErrorIsShownToAPageThatMayAsk() throws IOException, InterruptedException {
        var response = ask(List.of("https://ok.example"), "POST", "https://ok.example");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(header(response, "access-control-allow-origin")).isEqualTo("https://ok.example");
        assertThat(response.body()).contains("authentication_error");
    }

    @ParameterizedTest
    @CsvSource({"OPTIONS", "POST"})
    void otherPagesAreTurnedAway(String method) throws IOException, InterruptedException {
        for (var allowed : List.of(List.of("https://ok.example"), List.<String>of())) {
            var response = ask(allowed, method, "https://ok.example.evil.example");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(header(response, "access-control-allow-origin")).isEmpty();
            assertThat(response.body()).contains("permission_error");
        }
    }
}
