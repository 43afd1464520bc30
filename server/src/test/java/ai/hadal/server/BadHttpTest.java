package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.ServerConfig.Limits;
import ai.hadal.server.connection.Patience;
import ai.hadal.server.reply.Quota;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is no proper request ends with an error of its API, or with the connection where HTTP has no answer, and
/// the server goes on.
class BadHttpTest {

    private static final String KEY = "sk-abyss";
    private static final String OPENAI = "/v1/chat/completions";
    private static final String ANTHROPIC = "/v1/messages";
    private static final int MOST_BYTES = 1 << 20;
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    private static final int DRIP_MILLIS = 50;
    private static final Patience PATIENCE = new Patience(Duration.ofMillis(500), Duration.ofMillis(1500), 1 << 20);

    private static ServerUnderTest server;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(config -> config.withApiKeys(Map.of("tests", KEY))
                .withLimits(new Limits(MOST_BYTES, PATIENCE, 1024, 100, 64, 256, 64, 256, Quota.NONE, KEEP_ALIVE)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theServerStillAnswers() {
        for (String path : new String[] {OPENAI, ANTHROPIC}) {
            var answer = server.post(path, """
                    {"model": "nano", "max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}""", "x-api-key", KEY);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
    }

    private static RawConnection open() {
        return new RawConnection(server.uri("/"));
    }

    private static String head(String method, String path, String... headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + KEY + "\r\n"
                + String.join(
                        "",
                        java.util.Arrays.stream(headers).map(h -> h + "\r\n").toList()) + "\r\n";
    }

    /// Checks that an answer is an error in the form of its API.
    private static void assertError(RawConnection.Answer answer, String path, int status, String type, String says) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().at("/error/type").stringValue()).isEqualTo(type);
        assertThat(answer.json().at("/error/message").stringValue()).contains(says);
        assertThat(answer.json().path("type").asString("")).isEqualTo(path.equals(ANTHROPIC) ? "error" : "");
    }

    @ParameterizedTest
    @CsvSource({OPENAI + ",invalid_request_error", ANTHROPIC + ",request_too_large"})
    void aBodyThatSaysItIsTooLongIsNotRead(String path, String type) throws IOException {
        try (var connection = open()) {
            var answer = connection
                    .send(head("POST", path, "Content-Length: " + (MOST_BYTES + 1)) + "{")
                    .answer();
            assertError(answer, path, 413, type, "longer than the 1048576 bytes");
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    @ParameterizedTest
    @CsvSource({OPENAI + ",invalid_request_error", ANTHROPIC + ",request_too_large"})
    void aBodyThatProvesTooLongIsRefused(String path, String type) throws IOException {
        try (var connection = open()) {
            connection.send(head("POST", path, "Transfer-Encoding: chunked"));
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            for (int sent = 0; sent < MOST_BYTES; sent += 0x10000) {
                connection.send(chunk);
            }
            assertError(connection.send("1\r\n \r\n0\r\n\r\n").answer(), path, 413, type, "longer than");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void aBodyThatEndsEarlyIsRefused(String path) throws IOException {
        for (String request : new String[] {
            head("POST", path, "Content-Length: 500") + "{\"messages\":",
            head("POST", path, "Transfer-Encoding: chunked") + "50\r\n{\"messages\":"
        }) {
            try (var connection = open()) {
                var answer = connection.send(request).finish().answer();
                assertError(answer, path, 400, "invalid_request_error", "ends early");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({OPENAI + ",invalid_request_error", ANTHROPIC + ",timeout_error"})
    void aBodyThatStallsIsNotWaitedFor(String path, String type) throws IOException {
        for (String request : new String[] {
            head("POST", path, "Content-Length: 500") + "{\"messages\":",
            head("POST", path, "Transfer-Encoding: chunked") + "7fffffff\r\n{\"messages\":"
        }) {
            try (var connection = open()) {
                assertError(connection.send(request).answer(), path, 408, type, "too slowly");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({OPENAI + ",invalid_request_error", ANTHROPIC + ",timeout_error"})
    void aBodyThatDripsIsNotWaitedFor(String path, String type) throws IOException {
        for (String request : new String[] {
            head("POST", path, "Content-Length: 5000"), head("POST", path, "Transfer-Encoding: chunked") + "1000\r\n"
        }) {
            try (var connection = open()) {
                var answer = connection.send(request).drip("{" + " ".repeat(1000), DRIP_MILLIS);
                assertError(answer, path, 408, type, "too slowly");
            }
        }
    }

    @Test
    void headersThatDripAreNotWaitedFor() throws IOException {
        for (String request : new String[] {
            head("GET", "/health", "X: " + "a".repeat(1000)), "GET /" + "a".repeat(1000), "G".repeat(1000)
        }) {
            try (var connection = open()) {
                assertError(connection.drip(request, DRIP_MILLIS), OPENAI, 408, "invalid_request_error", "headers");
            }
        }
    }

    @Test
    void aConnectionWithoutARequestIsClosed() throws IOException {
        try (var connection = open()) {
            assertThat(connection.answer().text()).isEmpty();
        }
        try (var connection = open()) {
            assertThat(connection.send(head("GET", "/health")).next().status()).isEqualTo(200);
            assertThat(connection.answer().text()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz", "-1", "fffffffffffffffff", ""})
    void brokenChunksAreRefused(String size) throws IOException {
        try (var connection = open()) {
            var answer = connection
                    .send(head("POST", OPENAI, "Transfer-Encoding: chunked") + size + "\r\n{}\r\n0\r\n\r\n")
                    .answer();
            assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
            assertThat(answer.json().at("/error/message").stringValue()).contains("not well-formed");
        }
    }

    @Test
    void headersThatStallEndTheConnection() throws IOException {
        var slow = new ArrayList<RawConnection>();
        for (int i = 0; i < 50; i++) {
            slow.add(open().send("POST " + OPENAI + " HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
        }
        theServerStillAnswers();
        for (var connection : slow) {
            try (connection) {
                assertThat(connection.send("a").answer().text()).doesNotContain("200 OK");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HELLO\r\n\r\n",
                "GET /\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/3.0\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1\nHost: x\n\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n",
                "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1180591620717411303424\r\n\r\n",
                "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
                "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void whatIsNoHttpIsRefused(String bytes) throws IOException {
        try (var connection = open()) {
            var answer = connection.send(bytes).answer();
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.json().at("/error/message").stringValue()).startsWith("this is no valid HTTP request");
        }
    }

    @Test
    void whatIsLongerThanHeadersAreIsRefused() throws IOException {
        for (String request : new String[] {
            head("GET", "/health", "X: " + "a".repeat(100_000)),
            head("GET", "/health", "X: a\r\n".repeat(5_000).strip()),
            head("GET", "/" + "a".repeat(100_000))
        }) {
            try (var connection = open()) {
                // The server may close before it has been told everything.
                var answer = connection.send(request).answer();
                assertThat(answer.status()).isIn(400, 414, 431);
                assertThat(answer.json().at("/error/message").stringValue()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..%2f..%2fetc/passwd",
                "/%2e%2e/etc/passwd",
                "/../../etc/passwd",
                "/index.html%00.js",
                "/%00",
                "/..%5c",
                "/%ff",
                "//etc/passwd",
                "/package-info.class",
                "/WebPage.class",
                "/.hidden",
                "/v1/models/..%2f..",
                "/v1/models/%00",
                "/v1/responses/..%2f"
            })
    void nothingIsFoundOutsideThePage(String path) throws IOException {
        try (var connection = open()) {
            var answer = connection.send(head("GET", path)).finish().answer();
            assertThat(answer.status()).as(answer.text()).isEqualTo(404);
            assertThat(answer.json().at("/error/message").stringValue()).startsWith("there is no");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"})
    void aWrongMethodIsSaidSo(String method) throws IOException {
        for (String path : new String[] {OPENAI, ANTHROPIC}) {
            try (var connection = open()) {
                var answer = connection.send(head(method, path)).finish().answer();
                assertError(answer, path, 405, "invalid_request_error", "takes POST requests");
            }
        }
    }

    @Test
    void headHasNoBody() throws IOException {
        try (var connection = open()) {
            var answer = connection.send(head("HEAD", OPENAI)).finish().answer();
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.body()).isEmpty();
        }
        for (String path : List.of("/health", "/ready", "/", "/app.js")) {
            try (var connection = open();
                    var whole = open()) {
                var answer = connection.send(head("HEAD", path)).finish().answer();
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.body()).isEmpty();
                var get = whole.send(head("GET", path)).finish().answer();
                assertThat(answer.header("content-length"))
                        .isEqualTo(get.header("content-length"))
                        .isNotEqualTo("0");
                assertThat(answer.header("content-type")).isEqualTo(get.header("content-type"));
            }
        }
    }

    /// Messages are logged, and what stands where JSON should be may be a word of a prompt.
    @Test
    void aMessageAboutWrongJsonQuotesNoWord() throws IOException {
        String body = "{\"messages\": [{\"role\": \"user\", \"content\": confidential}]}";
        try (var connection = open()) {
            var answer = connection
                    .send(head("POST", OPENAI, "Content-Length: " + body.length()) + body)
                    .finish()
                    .answer();
            assertError(answer, OPENAI, 400, "invalid_request_error", "is no JSON at line 1, column");
            assertThat(answer.body()).contains("Unrecognized token").doesNotContain("confidential");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x-api-key: ", "x-api-key: sk-abys", "Authorization: Bearer", "Authorization: Basic c2s6"})
    void keysAreNeeded(String header) throws IOException {
        for (String path : new String[] {OPENAI, ANTHROPIC}) {
            try (var connection = open()) {
                var answer = connection
                        .send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                                + (header.isEmpty() ? "" : header + "\r\n") + "\r\n{}")
                        .finish()
                        .answer();
                assertError(answer, path, 401, "authentication_error", "missing or wrong");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "][", "http://localhost:1"})
    void pagesFromElsewhereAreTurnedAway(String origin) throws IOException {
        for (String method : new String[] {"POST", "OPTIONS"}) {
            for (String path : new String[] {OPENAI, ANTHROPIC}) {
                try (var connection = open()) {
                    var answer = connection
                            .send(head(method, path, "Origin: " + origin))
                            .finish()
                            .answer();
                    assertError(answer, path, 403, "permission_error", "may not call this server");
                    assertThat(answer.header("access-control-allow-origin")).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPENAI, ANTHROPIC})
    void aClientThatGoesAwayLeavesNothingBehind(String path) throws IOException {
        String body = """
                {"model": "nano", "max_tokens": 5000, "stream": true, "temperature": 2,
                 "messages": [{"role": "user", "content": "Write the numbers from 1 to 1000."}]}""";
        for (int i = 0; i < 4; i++) {
            try (var connection = open()) {
                connection.send(head("POST", path, "Content-Length: " + body.length()) + body);
                assertThat(connection.read(40)).hasSize(40);
            }
        }
        while (server.server().load().running() > 0 || server.server().load().waiting() > 0) {
            Thread.onSpinWait();
        }
    }
}
