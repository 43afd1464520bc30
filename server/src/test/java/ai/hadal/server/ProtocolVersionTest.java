package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/// The server speaks HTTP/1.1. Who would like HTTP/2 gets a proper answer in that.
class ProtocolVersionTest {

    private static final String BODY = """
            {"max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}""";

    @Test
    void clientsThatOfferHttp2AreAnswered() throws IOException, InterruptedException {
        try (var server = ServerUnderTest.start();
                var client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
            var asked = HttpRequest.newBuilder(server.uri("/health")).build();
            var told = HttpRequest.newBuilder(server.uri("/v1/chat/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(BODY))
                    .build();
            for (var request : new HttpRequest[] {asked, told, asked}) {
                var response = client.send(request, BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.version()).isEqualTo(Version.HTTP_1_1);
            }
        }
    }

    @Test
    void anOfferToUpgradeIsPassedOver() throws IOException {
        String upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\n";
        try (var server = ServerUnderTest.start();
                var connection = new RawConnection(server.uri("/"))) {
            connection.send("GET /health HTTP/1.1\r\nHost: x\r\n" + upgrade + "\r\n");
            assertThat(connection.next().status()).isEqualTo(200);
            connection.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + upgrade + "Content-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY);
            assertThat(connection.next().status()).isEqualTo(200);
        }
    }
}
