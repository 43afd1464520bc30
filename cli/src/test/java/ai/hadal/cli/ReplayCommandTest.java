package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.server.HadalServer;
import ai.hadal.server.ServerConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `hadal replay` on what a server wrote down.
class ReplayCommandTest {

    private static final Path NANO = TinyRandom.models().resolve("nano");

    @TempDir
    private Path folder;

    @Test
    void answersAreGivenAgainAndTornLinesAreTold() throws IOException, InterruptedException {
        Path log = folder.resolve("audit.jsonl");
        try (var engine = Engine.open(NANO, EngineOptions.defaults());
                var server = HadalServer.start(
                        engine,
                        ServerConfig.defaults("nano").withPort(0).withAuditLog(log),
                        request -> {},
                        warning -> {});
                var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(server.uri().resolve("/v1/completions"))
                            .POST(BodyPublishers.ofString("{\"prompt\": \"One, two,\", \"max_tokens\": 8}"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        var whole = Hadal.run("replay", log, "-m", NANO);
        assertThat(whole.out()).as(whole.err()).endsWith("1 of 1 answers are the same\n");
        assertThat(whole.code()).isZero();

        String line = Files.readString(log);
        Files.writeString(log, line + line.substring(0, 100) + "\n\n" + line);
        var torn = Hadal.run("replay", log, "-m", NANO);
        assertThat(torn.out())
                .as(torn.err())
                .contains("line 2 is no record")
                .endsWith("2 of 2 answers are the same; lines cut off: 1\n");
        assertThat(torn.code()).isEqualTo(1);
    }

    @Test
    void whatIsNoAuditLogIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "one\ntwo\n");
        var run = Hadal.run("replay", file, "-m", NANO);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("notes.txt, line 1: this is no record of an audit log");
    }
}
