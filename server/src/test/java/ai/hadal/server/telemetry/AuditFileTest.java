package ai.hadal.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.SamplingOptions;
import ai.hadal.server.reply.AuditRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class AuditFileTest {

    @TempDir
    private Path folder;

    private static AuditRecord record(String id) {
        return new AuditRecord(
                id,
                "nobody",
                "2026-01-01T00:00:00Z",
                "",
                new int[] {1},
                SamplingOptions.greedy(),
                1,
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                new int[] {2},
                "STOP");
    }

    @Test
    void aThreadThatIsInterruptedWritesItsRecordAndLeavesTheFileToOthers() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        var warnings = new ArrayList<String>();
        try (var audit = AuditFile.open(file, warnings::add)) {
            Thread.currentThread().interrupt();
            audit.accept(record("first"));
            assertThat(Thread.interrupted()).isTrue();
            audit.accept(record("second"));
        }
        try (var audit = AuditFile.open(file, warnings::add)) {
            audit.accept(record("third"));
        }
        assertThat(Files.readAllLines(file).stream().map(AuditRecord::parse).map(AuditRecord::requestId))
                .containsExactly("first", "second", "third");
        assertThat(warnings).isEmpty();
    }
}
