package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.EngineOptions;
import ai.hadal.server.connection.Patience;
import ai.hadal.server.http.EventStream.ClientGoneException;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The server over TLS, with keys of both kinds and both versions of the protocol.
class TlsTest {

    private static final int PAUSE_MILLIS = 1000;
    private static final int DRIP_MILLIS = 50;
    private static final String ENDLESS = """
            {"stream": %s, "max_tokens": 50000, "temperature": 0, "logit_bias": {"%d": -100},
             "messages": [{"role": "user", "content": "Hello"}]}""";

    @TempDir
    private Path folder;

    private static ServerUnderTest start(TlsFiles files) {
        return start(files, Patience.defaults());
    }

    private static ServerUnderTest start(TlsFiles files, Patience patience) {
        return ServerUnderTest.start(
                EngineOptions.defaults().withThreads(2),
                config -> config.withTls(files.tls()).withLimits(config.limits().withPatience(patience)));
    }

    private static String endless(ServerUnderTest server, boolean streams) {
        return ENDLESS.formatted(streams, server.engine().tokenizer().eosId());
    }

    private static String chat(String body) {
        return RawConnection.post("/v1/chat/completions", body);
    }

    private static SSLSocket layered(SSLContext trusting, Socket below, String version) throws IOException {
        var socket = (SSLSocket) trusting.getSocketFactory().createSocket(below, "localhost", below.getPort(), false);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void answersAndStreams(String algorithm) throws Exception {
        var files = TlsFiles.make(folder, algorithm);
        try (var server = start(files);
                var client = HttpClient.newBuilder()
                        .version(Version.HTTP_2)
                        .sslContext(files.trusting())
                        .build()) {
            var request = HttpRequest.newBuilder(server.uri("/v1/chat/completions"));
            var answer = client.send(
                    request.POST(HttpRequest.BodyPublishers.ofString("""
                            {"temperature": 0, "messages": [{"role": "user", "content": "What is 17 + 25?"}]}""")).build(), BodyHandlers.ofString());
            assertThat(answer.body()).contains("42");
            assertThat(answer.version()).isEqualTo(Version.HTTP_1_1);
            assertThat(answer.sslSession()
                            .orElseThrow()
                            .getPeerCertificates()[0]
                            .getPublicKey()
                            .getAlgorithm())
                    .isEqualTo(algorithm);
            try (var lines = client.send(
                            request.POST(HttpRequest.BodyPublishers.ofString(endless(server, true)))
                                    .build(),
                            BodyHandlers.ofLines())
                    .body()) {
                // Asserted on a list: what asserts on a stream closes it.
                assertThat(lines.filter(line -> line.contains("\"content\":\""))
                                .limit(20)
                                .toList())
                        .hasSize(20);
                server.awaitLoad(1, 0);
            }
            server.awaitLoad(0, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3,false", "TLSv1.3,true", "TLSv1.2,false", "TLSv1.2,true"})
    void aClientThatGoesAwayCancelsItsRequest(String version, boolean streams) throws Exception {
        var files = TlsFiles.make(folder, "EC");
        try (var server = start(files)) {
            // With a farewell of TLS, and without one.
            for (boolean politely : new boolean[] {true, false}) {
                try (var below = RawConnection.connect(server.uri("/"))) {
                    var connection = new RawConnection(layered(files.trusting(), below, version));
                    connection.send(chat(endless(server, streams)));
                    server.awaitLoad(1, 0);
                    if (politely) {
                        connection.close();
                    }
                }
                assertThat(server.ended().failure()).isInstanceOf(ClientGoneException.class);
                server.awaitLoad(0, 0);
            }
        }
    }

    /// The web server ends TLS only.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void theConnectionBelowIsClosedToo(String version) throws Exception {
        var files = TlsFiles.make(folder, "EC");
        try (var server = start(files);
                var below = RawConnection.connect(server.uri("/"))) {
            var connection = new RawConnection(layered(files.trusting(), below, version));
            var answer = connection
                    .send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(below.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientMayWaitForLongAndGoOn(String version) throws Exception {
        var files = TlsFiles.make(folder, "RSA");
        var patience = new Patience(Duration.ofMillis(PAUSE_MILLIS), Duration.ofSeconds(30), 8192);
        try (var server = start(files, patience);
                var below = RawConnection.connect(server.uri("/"));
                var connection = new RawConnection(layered(files.trusting(), below, version))) {
            connection.send(chat(endless(server, false).replace("50000", "10").replace("Hello", "a b ".repeat(300))));
            assertThat(connection.next().status()).isEqualTo(200);
            connection.send(chat(endless(server, false)));
            assertThat(connection.isSilent(2 * PAUSE_MILLIS)).isTrue();
            server.awaitLoad(1, 0);
        }
    }

    @Test
    void aHandshakeIsNotWaitedForForEver() throws IOException, GeneralSecurityException {
        var files = TlsFiles.make(folder, "EC");
        var patience = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(1), 8192);
        try (var server = start(files, patience)) {
            try (var silent = new RawConnection(server.uri("/"))) {
                assertThat(silent.answer().text()).isEmpty();
            }
            try (var slow = new RawConnection(server.uri("/"))) {
                String hello = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + "a".repeat(400);
                assertThat(slow.drip(hello, DRIP_MILLIS).text()).isEmpty();
            }
        }
    }
}
