package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.server.HadalServer;
import ai.hadal.server.ServerConfig;
import ai.hadal.server.http.EventStream.ClientGoneException;
import ai.hadal.server.http.RequestLog;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.SseException;
import com.anthropic.models.messages.MessageCreateParams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests whose client goes away, and a server that does.
class MessagesEndTest {

    private static final int SECONDS = 60;

    private final LinkedBlockingQueue<RequestLog.Entry> log = new LinkedBlockingQueue<>();
    private Engine engine;
    private HadalServer server;
    private AnthropicClient client;

    @BeforeEach
    void start() {
        engine = Engine.open(Path.of("../models/nano"), EngineOptions.defaults().withThreads(2));
        server = HadalServer.start(engine, ServerConfig.defaults("nano").withPort(0), log::add, warning -> {});
        client = AnthropicOkHttpClient.builder()
                .apiKey("any")
                .baseUrl(server.uri().toString())
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        engine.close();
    }

    /// Only the events of a long prefill are left when the client goes: it is those that find out.
    @Test
    void aStreamThatIsClosedIsCancelled() throws InterruptedException {
        try (var stream = client.messages().createStreaming(much())) {
            assertThat(stream.stream().findFirst().orElseThrow().isMessageStart())
                    .isTrue();
            assertThat(server.load().running()).isEqualTo(1);
        }
        var entry = log.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(entry).isNotNull();
        assertThat(entry.failure()).isInstanceOf(ClientGoneException.class);
        // What is cancelled leaves at the scheduler's next step: draining waits for that.
        assertThat(server.drain(Duration.ofSeconds(SECONDS))).isTrue();
        assertThat(server.load().running()).isZero();
        assertThat(server.load().waiting()).isZero();
    }

    @Test
    void aServerThatEndsIsOverloaded() throws InterruptedException {
        server.drain(Duration.ofSeconds(SECONDS));
        assertThatThrownBy(() -> client.messages()
                        .create(MessageCreateParams.builder()
                                .model("nano")
                                .maxTokens(1)
                                .addUserMessage("Hello!")
                                .build()))
                .isInstanceOfSatisfying(AnthropicServiceException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(529);
                    assertThat(e.errorType().orElseThrow().asString()).isEqualTo("overloaded_error");
                });
    }

    /// A request with so much to read that it is not answered soon.
    private MessageCreateParams much() {
        return MessageCreateParams.builder()
                .model("nano")
                .maxTokens(256)
                .addUserMessage("a b ".repeat(engine.contextLength() / 6))
                .build();
    }

    @Test
    void aStreamThatIsCutShortEndsInAnError() {
        try (var stream = client.messages().createStreaming(much())) {
            var events = stream.stream().iterator();
            assertThat(events.next().isMessageStart()).isTrue();
            server.close();
            assertThatThrownBy(() -> events.forEachRemaining(
                            event -> assertThat(event.isMessageDelta()).isFalse()))
                    .isInstanceOfSatisfying(SseException.class, e -> {
                        assertThat(e.errorType().orElseThrow().asString()).isEqualTo("overloaded_error");
                        assertThat(e.getMessage()).contains("ended before the answer did");
                    });
        }
    }

    @Test
    void anAnswerThatIsCutShortIsAnError() {
        var answer = CompletableFuture.supplyAsync(() -> client.messages().create(much()));
        while (server.load().running() == 0) {
            Thread.onSpinWait();
        }
        server.close();
        assertThatThrownBy(answer::join).cause().isInstanceOfSatisfying(AnthropicServiceException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(529);
            assertThat(e.errorType().orElseThrow().asString()).isEqualTo("overloaded_error");
        });
    }
}
