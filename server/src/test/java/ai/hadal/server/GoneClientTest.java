package ai.hadal.server;

import static ai.hadal.server.RawConnection.post;
import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.EngineOptions;
import ai.hadal.server.connection.Patience;
import ai.hadal.server.http.EventStream.ClientGoneException;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that goes away cancels its request, wherever it stands and whether it streams or not; one that stays is
/// never cut off, and loses nothing that it sends meanwhile.
class GoneClientTest {

    private static final int PAUSE_MILLIS = 300;

    private static ServerUnderTest server;

    /// One answer at a time, so that others wait.
    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(EngineOptions.defaults().withThreads(2), config -> {
            var limits = config.limits();
            var patience = new Patience(Duration.ofMillis(PAUSE_MILLIS), Duration.ofSeconds(30), 8192);
            return config.withLimits(new ServerConfig.Limits(
                    limits.maxBodyBytes(),
                    patience,
                    limits.maxConnections(),
                    limits.defaultMaxTokens(),
                    1,
                    limits.maxWaiting(),
                    limits.maxRunningPerTenant(),
                    limits.maxWaitingPerTenant(),
                    limits.quota(),
                    Duration.ofHours(1)));
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        server.awaitLoad(0, 0);
        assertThat(server.post("/v1/chat/completions", """
                {"max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}""").status()).isEqualTo(200);
    }

    /// Requests whose answers take long: they cannot end by themselves, or have much to read.
    static Stream<String> requests() {
        String endless = "\"max_tokens\": 50000, \"temperature\": 0, \"logit_bias\": {\"%d\": -100}"
                .formatted(server.engine().tokenizer().eosId());
        String much = "a b ".repeat(server.engine().contextLength() / 6);
        return Stream.of(
                post(
                        "/v1/chat/completions",
                        "{%s, \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}".formatted(endless)),
                post("/v1/completions", "{%s, \"prompt\": \"One, two\"}".formatted(endless)),
                post("/v1/completions", "{%s, \"prompt\": [\"One\", \"Two\"]}".formatted(endless)),
                post("/v1/responses", "{%s, \"input\": \"Hello\"}".formatted(endless.replace("max_", "max_output_"))),
                post("/v1/messages", """
                        {"model": "nano", "max_tokens": 256, "messages": [{"role": "user", "content": "%s"}]}""".formatted(much)));
    }

    private static void assertLeft() throws InterruptedException {
        server.awaitLoad(0, 0);
        var entry = server.ended();
        while (entry.failure() == null) {
            entry = server.ended();
        }
        assertThat(entry.failure()).isInstanceOf(ClientGoneException.class);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsCancelledWhileItIsAnswered(String request) throws IOException, InterruptedException {
        try (var connection = new RawConnection(server.uri("/"))) {
            connection.send(request);
            awaitRunning();
        }
        assertLeft();
    }

    private static void awaitRunning() {
        while (server.server().load().running() == 0) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestIsCancelledWhileItWaits(boolean streams) throws IOException, InterruptedException {
        String endless = requests().findFirst().orElseThrow();
        try (var first = new RawConnection(server.uri("/"))) {
            first.send(endless);
            server.awaitLoad(1, 0);
            try (var second = new RawConnection(server.uri("/"))) {
                second.send(post("/v1/chat/completions", """
                        {"stream": %s, "messages": [{"role": "user", "content": "Hello"}]}""".formatted(streams)));
                server.awaitLoad(1, 1);
            }
            server.awaitLoad(1, 0);
        }
        assertLeft();
    }

    @Test
    void aConnectionThatIsResetIsNoticed() throws IOException, InterruptedException {
        var socket = RawConnection.connect(server.uri("/"));
        socket.setSoLinger(true, 0);
        try (var connection = new RawConnection(socket)) {
            connection.send(requests().findFirst().orElseThrow());
            awaitRunning();
        }
        assertLeft();
    }

    /// What limits a client's pauses does not limit the server's.
    @Test
    void aClientMayWaitForLongAndGoOn() throws IOException {
        try (var second = new RawConnection(server.uri("/"))) {
            try (var first = new RawConnection(server.uri("/"))) {
                first.send(requests().findFirst().orElseThrow());
                server.awaitLoad(1, 0);
                second.send(post("/v1/chat/completions", """
                        {"max_tokens": 2, "messages": [{"role": "user", "content": "Hello"}]}"""));
                server.awaitLoad(1, 1);
                assertThat(second.isSilent(3 * PAUSE_MILLIS)).isTrue();
            }
            assertThat(second.next().status()).isEqualTo(200);
            assertThat(second.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                            .next()
                            .status())
                    .isEqualTo(200);
        }
    }

    /// More requests than are read ahead of their turn.
    @Test
    void requestsThatFollowAreKept() throws IOException {
        String body = "{\"content\": \"%s\"}".formatted("kelp ".repeat(2000));
        try (var connection = new RawConnection(server.uri("/"))) {
            connection.send(post("/v1/chat/completions", """
                    {"max_tokens": 20, "messages": [{"role": "user", "content": "Hello"}]}""")
                    + post("/tokenize", body).repeat(20)
                    + "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(connection.next().json().path("object").stringValue()).isEqualTo("chat.completion");
            for (int i = 0; i < 20; i++) {
                assertThat(connection.next().json().path("count").intValue()).isGreaterThan(2000);
            }
            assertThat(connection.next().json().path("status").stringValue()).isEqualTo("ok");
        }
    }
}
