package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.server.reply.AuditRecord;
import ai.hadal.server.reply.AuditReplay;
import ai.hadal.server.telemetry.AuditFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever answers were given, together, under rules, cut off: the audit log gives the same ones again.
class AuditLogTest {

    private static final List<String> REQUESTS = List.of("""
            {"messages": [{"role": "user", "content": "What is 17 + 25?"}]}""", """
            {"messages": [{"role": "user", "content": "Hello!"}], "n": 3, "temperature": 0.9, "max_tokens": 40,
             "thinking": {"type": "disabled"}, "top_p": 0.9, "logit_bias": {"17": -3}}""", """
            {"messages": [{"role": "user", "content": "What time is it?"}], "max_tokens": 200, "seed": 1, "tool_choice": "required",
             "tools": [{"type": "function", "function": {"name": "clock", "parameters": {"type": "object",
             "properties": {"zone": {"type": "string", "enum": ["UTC", "CET"]}}, "required": ["zone"]}}}]}""", """
            {"messages": [{"role": "user", "content": "A number!"}], "max_tokens": 120, "seed": 1, "max_thinking_tokens": 9,
             "response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": true, "schema":
             {"type": "object", "properties": {"n": {"type": "integer", "minimum": 3, "maximum": 40}},
             "required": ["n"], "additionalProperties": false}}}}""");

    @TempDir
    private Path folder;

    @Test
    void everyAnswerIsGivenAgain() throws IOException {
        // A process before this one was killed within a line.
        Path log = Files.writeString(folder.resolve("audit.jsonl"), "{\"version\": 1, \"request_id\": \"req_");
        try (var server = ServerUnderTest.start(config -> config.withAuditLog(log))) {
            var answers = REQUESTS.stream()
                    .map(body -> CompletableFuture.supplyAsync(() -> server.post("/v1/chat/completions", body)))
                    .toList();
            var given = answers.stream().map(CompletableFuture::join).toList();
            assertThat(given)
                    .allSatisfy(answer ->
                            assertThat(answer.status()).as(answer.body()).isEqualTo(200));
            assertThat(given.get(2).json().at("/choices/0/finish_reason").stringValue())
                    .isEqualTo("tool_calls");
            assertThat(ServerUnderTest.MAPPER
                            .readTree(given.get(3)
                                    .json()
                                    .at("/choices/0/message/content")
                                    .stringValue())
                            .path("n")
                            .intValue())
                    .isBetween(3, 40);
            assertThat(server.post("/v1/completions", """
                {"prompt": "One, two, three", "max_tokens": 20, "grammar": "root ::= \\", \\" [a-z]+ root?"}""").status()).isEqualTo(200);
        }
        var records =
                Files.readAllLines(log).stream().skip(1).map(AuditRecord::parse).toList();
        assertThat(records).hasSize(7);
        try (var engine = Engine.open(
                Path.of("../models/nano"),
                EngineOptions.defaults().withThreads(1).withPrefillChunk(7))) {
            var replay = new AuditReplay(engine);
            assertThat(records).allMatch(replay::isSame);
        }
    }

    @Test
    void aLogThatOthersMayReadIsWarnedOf() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path log = folder.resolve("audit.jsonl");
        var warnings = new ArrayList<String>();
        AuditFile.open(log, warnings::add).close();
        assertThat(warnings).isEmpty();
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
        AuditFile.open(log, warnings::add).close();
        assertThat(warnings).singleElement().asString().contains("others than its owner may read", "chmod 600");
    }
}
