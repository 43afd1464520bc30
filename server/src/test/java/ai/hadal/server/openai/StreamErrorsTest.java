package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.engine.Usage;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.ApiKeys;
import ai.hadal.server.http.Dialect;
import ai.hadal.server.http.Gate;
import ai.hadal.server.http.Origins;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.Quota;
import ai.hadal.server.reply.Quotas;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a client hears of an error after its stream has begun.
class StreamErrorsTest {

    private static String stream(Dialect dialect, RuntimeException failure) throws IOException, InterruptedException {
        var gate = new Gate(
                new ApiKeys(Map.of()),
                new Origins(List.of(), false),
                1 << 20,
                new Quotas(Quota.NONE, InstantSource.system()),
                entry -> {});
        var web = WebServer.builder()
                .host(InetAddress.getLoopbackAddress().getHostAddress())
                .port(0)
                .shutdownHook(false)
                .routing(routing -> routing.get("/", gate.open(dialect, call -> {
                    call.stream().event("first", JsonNodeFactory.instance.objectNode());
                    throw failure;
                })))
                .build()
                .start();
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/"))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } finally {
            web.stop();
        }
    }

    private static ApiException expected() {
        return new ApiException(Kind.UNAVAILABLE, "shutting_down", null, "the server is shutting down");
    }

    @Test
    void chatsEndWithTheErrorAndDone() throws IOException, InterruptedException {
        assertThat(stream(new OpenAiDialect(), expected())).isEqualTo("""
                event: first
                data: {}

                data: {"error":{"message":"the server is shutting down","type":"server_error","param":null,\
                "code":"shutting_down"}}

                data: [DONE]

                """);
    }

    @Test
    void responsesEndWithANumberedErrorEvent() throws IOException, InterruptedException {
        assertThat(stream(new ResponseDialect(), expected())).isEqualTo("""
                event: first
                data: {}

                event: error
                data: {"type":"error","code":"shutting_down","message":"the server is shutting down","param":null,\
                "sequence_number":1}

                """);
    }

    @Test
    void theServersOwnFaultsAreNotTold() throws IOException, InterruptedException {
        assertThat(stream(new OpenAiDialect(), new IllegalStateException("secret")))
                .contains("the server failed")
                .doesNotContain("secret")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void halfAnAnswerIsNoAnswer() {
        var finish = new Finish(
                Finish.Reason.CANCELLED, null, List.of(), new Usage(1, 0, 0, 1), new Finish.Timings(0, 0, 0));
        assertThatThrownBy(() -> FinishJson.reason(finish))
                .isInstanceOfSatisfying(
                        ApiException.class, error -> assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE));
    }
}
