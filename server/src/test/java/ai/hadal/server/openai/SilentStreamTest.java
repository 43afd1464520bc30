package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.server.HadalServer;
import ai.hadal.server.ServerConfig;
import ai.hadal.server.http.EventStream.ClientGoneException;
import ai.hadal.server.http.RequestLog;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A stream that has nothing to tell says that it is alive, and notices when nobody listens.
class SilentStreamTest {

    private static final Duration KEEP_ALIVE = Duration.ofMillis(50);
    private static final int PATIENCE_SECONDS = 60;

    private static ServerConfig config() {
        var config = ServerConfig.defaults("nano").withPort(0);
        var limits = config.limits();
        return config.withLimits(new ServerConfig.Limits(
                limits.maxBodyBytes(),
                limits.patience(),
                limits.maxConnections(),
                limits.defaultMaxTokens(),
                1,
                limits.maxWaiting(),
                limits.maxRunningPerTenant(),
                limits.maxWaitingPerTenant(),
                limits.quota(),
                KEEP_ALIVE));
    }

    @Test
    void isKeptAliveWhileItWaitsAndEndsWhenItsClientGoes() throws Exception {
        var ended = new CompletableFuture<RequestLog.Entry>();
        try (var engine = Engine.open(
                        Path.of("../models/nano"), EngineOptions.defaults().withThreads(2));
                var server = HadalServer.start(engine, config(), ended::complete, warning -> {});
                var client = HttpClient.newHttpClient()) {
            // Nobody reads the first answer, so it stays, and the second one waits for its place.
            var request = HttpRequest.newBuilder(server.uri().resolve("/v1/chat/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            """
                        {"stream": true, "temperature": 0, "thinking": {"type": "disabled"}, "max_tokens": 50000,
                         "logit_bias": {"%d": -100}, "messages": [{"role": "user", "content": "Hello"}]}""".formatted(engine.tokenizer().eosId())))
                    .build();
            try (var _ = client.send(request, BodyHandlers.ofInputStream()).body()) {
                OpenAiSdk.await(() -> server.load().running() == 1);
                try (var body =
                        client.send(request, BodyHandlers.ofInputStream()).body()) {
                    var heard = new StringBuilder();
                    while (!heard.toString().contains(": keep-alive\n\n")) {
                        byte[] some = new byte[1024];
                        int length = body.read(some);
                        assertThat(length).isPositive();
                        heard.append(new String(some, 0, length, StandardCharsets.UTF_8));
                    }
                }
                assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS).failure())
                        .isInstanceOf(ClientGoneException.class);
                OpenAiSdk.await(() -> server.load().waiting() == 0);
            }
            OpenAiSdk.await(() -> server.load().running() == 0);
        }
    }
}
