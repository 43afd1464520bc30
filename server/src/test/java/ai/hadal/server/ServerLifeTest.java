package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.engine.DiskTier;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a server begins and ends.
class ServerLifeTest {

    @TempDir
    private Path folder;

    @Test
    void aPortThatIsTakenIsSaid() {
        try (var first = ServerUnderTest.start();
                var engine = Engine.open(Path.of("../models/nano"), EngineOptions.defaults())) {
            int port = first.server().port();
            assertThatThrownBy(() -> HadalServer.start(
                                    engine, ServerConfig.defaults("nano").withPort(port), entry -> {}, warning -> {})
                            .close())
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("port " + port);
            assertThat(first.get("/health").status()).isEqualTo(200);
        }
    }

    /// What was opened before the failure is closed again, so that the next start finds it free.
    @Test
    void aStartThatFailsLeavesNothingOpen() {
        var disk = new ServerConfig.Disk(folder.resolve("cache"), 64L << 20);
        try (var engine = Engine.open(Path.of("../models/nano"), EngineOptions.defaults())) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> HadalServer.start(
                                        engine,
                                        ServerConfig.defaults("nano")
                                                .withPort(0)
                                                .withDisk(disk)
                                                .withAuditLog(folder.resolve("audit.jsonl"))
                                                .withApiKeys(Map.of("team", " ")),
                                        entry -> {},
                                        warning -> {})
                                .close())
                        .isInstanceOf(HadalException.class)
                        .hasMessageContaining("the API key 'team' is empty");
            }
        }
    }

    @Test
    void whatIsNoAddressIsSaid() {
        try (var engine = Engine.open(Path.of("../models/nano"), EngineOptions.defaults())) {
            var config = ServerConfig.defaults("nano").withPort(0);
            for (String host : List.of("", "no such host.invalid")) {
                assertThatThrownBy(() -> HadalServer.start(engine, config.withHost(host), entry -> {}, warning -> {})
                                .close())
                        .isInstanceOf(HadalException.class)
                        .hasMessageContaining("there is no address '" + host + "'");
            }
            assertThatThrownBy(() -> HadalServer.start(
                                    engine, config.withOtlpEndpoint("collector"), entry -> {}, warning -> {})
                            .close())
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("--otlp-endpoint");
        }
    }

    @Test
    void drainingLetsAnswersEndAndTakesNoMore() throws InterruptedException {
        try (var server = ServerUnderTest.start()) {
            var answer = CompletableFuture.supplyAsync(() -> server.post("/v1/chat/completions", """
                {"messages": [{"role": "user", "content": "What is 17 + 25?"}], "temperature": 0}"""));
            while (server.server().load().running() == 0 && !answer.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(server.get("/ready").status()).isEqualTo(200);
            assertThat(server.server().drain(Duration.ofMinutes(1))).isTrue();
            assertThat(answer.join().json().at("/choices/0/message/content").stringValue())
                    .contains("42");
            assertThat(server.get("/ready").status()).isEqualTo(503);
            assertThat(server.get("/health").status()).isEqualTo(200);
            var late = server.post("/v1/chat/completions", """
                {"messages": [{"role": "user", "content": "Hello"}]}""");
            assertThat(late.status()).isEqualTo(503);
            assertThat(late.json().at("/error/code").stringValue()).isEqualTo("shutting_down");
        }
    }

    @Test
    void whatOneProcessComputedTheNextOneFindsOnDisk() {
        var disk = new ServerConfig.Disk(folder, 64L << 20);
        String long_ = "Remember the word kelp. ".repeat(60);
        String body = """
            {"messages": [{"role": "user", "content": "%s"}], "temperature": 0, "max_tokens": 20}""".formatted(long_);
        String cold;
        try (var first = ServerUnderTest.start(config -> config.withDisk(disk))) {
            var answer = first.post("/v1/chat/completions", body).json();
            assertThat(answer.at("/usage/prompt_tokens_details/cached_tokens").intValue())
                    .isZero();
            cold = answer.at("/choices/0/message").toString();
        }
        try (var second = ServerUnderTest.start(config -> config.withDisk(disk))) {
            var answer = second.post("/v1/chat/completions", body).json();
            assertThat(answer.at("/usage/prompt_tokens_details/cached_tokens").intValue())
                    .isGreaterThan(200);
            assertThat(answer.at("/choices/0/message").toString()).isEqualTo(cold);
            assertThat(second.get("/metrics").body())
                    .contains("hadal_cache_lookups_total{strategy=\"snapshot\",tier=\"disk\"} 1.0");
        }
    }

    @Test
    void aWarmUpComesBeforeReadyAndLeavesNothing() {
        Path log = folder.resolve("audit.jsonl");
        var disk = new ServerConfig.Disk(folder.resolve("cache"), 64L << 20);
        try (var server = ServerUnderTest.start(config ->
                config.withWarmUp(Duration.ofSeconds(1)).withAuditLog(log).withDisk(disk))) {
            var ready = server.get("/ready");
            assertThat(server.get("/health").status()).isEqualTo(200);
            if (!server.server().ready().isDone()) {
                assertThat(ready.status()).isEqualTo(503);
                assertThat(ready.json().at("/error/code").stringValue()).isEqualTo("warming_up");
            }
            assertThat(server.server().ready().join()).isPositive();
            assertThat(server.get("/ready").status()).isEqualTo(200);
            assertThat(server.server().load().running()).isZero();
            assertThat(log).isEmptyFile();
            assertThat(server.get("/metrics").body())
                    .doesNotContainPattern("(?m)^hadal_(answers|tokens|step|time|cache|queue)[^ ]* 0*[1-9]");
            var load = server.get("/load").json();
            assertThat(load.path("cache_bytes").intValue()).isZero();
            assertThat(load.path("decode_tokens_per_second").intValue()).isZero();
        }
        try (var engine = Engine.open(Path.of("../models/nano"), EngineOptions.defaults());
                var tier = DiskTier.open(folder.resolve("cache"), engine.model(), 64L << 20, warning -> {})) {
            assertThat(tier.stats().records()).isZero();
        }
    }

    @Test
    void aServerAnswersAndEndsWhileItWarmsUp() {
        try (var server = ServerUnderTest.start(config -> config.withWarmUp(Duration.ofDays(1)))) {
            var answer = server.post("/v1/chat/completions", """
                {"messages": [{"role": "user", "content": "What is 17 + 25?"}], "temperature": 0}""");
            assertThat(answer.json().at("/choices/0/message/content").stringValue())
                    .contains("42");
            var ready = server.server().ready();
            server.server().close();
            assertThat(ready).isDone();
        }
    }
}
