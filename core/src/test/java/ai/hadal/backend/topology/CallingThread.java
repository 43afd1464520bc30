package ai.hadal.backend.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What Linux says about the calling thread.
public final class CallingThread {

    private static final String ALLOWED = "Cpus_allowed_list:";

    private CallingThread() {}

    /// The processors that it may use, in ascending order.
    public static List<Integer> processors() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                    .filter(line -> line.startsWith(ALLOWED))
                    .flatMap(line -> CpuList.parse(line.substring(ALLOWED.length())).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
