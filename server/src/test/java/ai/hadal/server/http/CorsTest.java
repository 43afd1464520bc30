package ai.hadal.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.server.anthropic.AnthropicDialect;
import ai.hadal.server.reply.Quota;
import ai.hadal.server.reply.Quotas;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which pages may call the server, as browsers ask it.
class CorsTest {

    private static WebServer serve(Origins origins) {
        var gate = new Gate(
                new ApiKeys(Map.of("page", "key")),
                origins,
                1 << 20,
                new Quotas(Quota.NONE, InstantSource.system()),
                entry -> {});
        var handler = gate.guarded(new AnthropicDialect(), call -> call.send(JsonNodeFactory.instance.objectNode()));
        return WebServer.builder()
                .routing(routing -> routing.any("/", handler))
                .build()
                .start();
    }

    private static HttpResponse<String> ask(List<String> allowed, String method, String origin)
            throws IOException, InterruptedException {
        var server = serve(new Origins(allowed, false));
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

    /// The status of what a page of this origin gets that believes it comes from the server.
    private static int ownPage(Origins origins, String origin) throws IOException {
        var server = serve(origins);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "POST / HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(URI.create(origin).getAuthority(), origin);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring("HTTP/1.1 ".length()));
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

    /// A name that somebody made lead to this machine is another origin, though browsers take it for the server's.
    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080,401",
        "http://hadal.localhost,401",
        "http://127.0.0.1:8080,401",
        "http://[::1]:8080,401",
        "http://evil.example:8080,403",
        "http://127.0.0.1.evil.example,403",
        "http://ok.example,401"
    })
    void aServerThatTrustsItsMachineTrustsNoNames(String origin, int status) throws IOException {
        assertThat(ownPage(new Origins(List.of("http://ok.example"), true), origin))
                .isEqualTo(status);
        assertThat(ownPage(new Origins(List.of(), false), origin)).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"example.org", "https://example.org/", "https://example.org/chat", "https://*", "''"})
    void whatIsNoOriginIsSaid(String origin) {
        assertThatThrownBy(() -> new Origins(List.of(origin), false))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("--cors-origin");
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
