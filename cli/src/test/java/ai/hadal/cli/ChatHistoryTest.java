package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
class ChatHistoryTest {

    @TempDir
    private Path state;

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void itIsMadeForItsOwnerOnly() throws IOException {
        Path file = ChatHistory.file(state.resolve("deep"));
        assertThat(file).isEqualTo(state.resolve("deep/hadal/history")).isEmptyFile();
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(file.getParent())).isEqualTo("rwx------");
    }

    @Test
    void anOldOneIsKeptAndClosedToOthers() throws IOException {
        Path old = Files.createDirectories(state.resolve("hadal")).resolve("history");
        Files.writeString(old, "Hello\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(ChatHistory.file(state)).isEqualTo(old).hasContent("Hello\n");
        assertThat(permissions(old)).isEqualTo("rw-------");
    }

    @Test
    void whereNoneCanBeMadeThereIsNone() throws IOException {
        Files.writeString(state.resolve("hadal"), "a file in its place");
        assertThat(ChatHistory.file(state)).isNull();
    }
}
