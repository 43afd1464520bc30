package ai.hadal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Memory of the process that no file stands behind: the Java heap, compiled code, buffers. Mapped weights are no part
/// of it, as the system can drop and read them again.
final class AnonymousMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "RssAnon:";

    private AnonymousMemory() {}

    /// Bytes in memory now; 0 where the system does not tell (it does on Linux).
    static long now() {
        try {
            return Files.readString(STATUS)
                    .lines()
                    .filter(line -> line.startsWith(FIELD))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException _) {
            return 0;
        }
    }
}
