package ai.hadal.engine.disk;

import static ai.hadal.engine.disk.StoreFixture.key;
import static ai.hadal.engine.disk.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while it writes.
class SegmentStoreKillTest {

    private static final int ROUNDS = 6;
    private static final long SEGMENT = 1 << 20;
    private static final long BOUND = 1 << 30;

    private static SegmentStore open(Path folder, List<String> warnings) {
        return SegmentStore.open(folder, StoreFixture.MODEL, BOUND, SEGMENT, 4 << 20, Disk.FILES, warnings::add);
    }

    /// Large enough that the end comes in the midst of one.
    private static byte[] state(int number) {
        return value(number, 1000 + new Random(number).nextInt(400_000));
    }

    /// Writes without end, and prints how many values are in their files.
    static final class Writer {
        public static void main(String[] arguments) {
            try (var store = open(Path.of(arguments[0]), new CopyOnWriteArrayList<>())) {
                for (int i = Integer.parseInt(arguments[1]); ; i++) {
                    store.put(key(i), state(i));
                    if (i % 5 == 0) {
                        store.flush();
                        System.out.println(i);
                    }
                }
            }
        }
    }

    @Test
    void everyValueIsRightOrAbsent(@TempDir Path folder) throws IOException, InterruptedException {
        int next = 0;
        var warnings = new CopyOnWriteArrayList<String>();
        for (int round = 0; round < ROUNDS; round++) {
            int written = killedWriter(folder, next, 3 + round);
            // The values that were on their way when it ended.
            int last = written + 200;
            try (var store = open(folder, warnings)) {
                for (int i = 0; i < last; i++) {
                    var value = store.get(key(i));
                    assertThat(value.isPresent() || i > written)
                            .as("%d of %d", i, written)
                            .isTrue();
                    if (value.isPresent()) {
                        assertThat(value.get()).isEqualTo(state(i));
                    }
                }
                assertThat(store.stats().damaged()).isZero();
                // So that all values up to those of the next writer are there.
                for (int i = written; i < last; i++) {
                    store.put(key(i), state(i));
                    store.flush();
                }
            }
            next = last;
        }
        assertThat(warnings).allMatch(warning -> warning.contains("as after a crash"));
    }

    /// Kills a writer after so many lines; returns the last of them.
    private static int killedWriter(Path folder, int from, int lines) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString(),
                        Integer.toString(from))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = process.inputReader()) {
            String line = "";
            for (int i = 0; i < lines; i++) {
                line = output.readLine();
                assertThat(line).isNotNull();
            }
            // Unlike the process itself, its handle leaves the lines that were printed before the end came.
            process.toHandle().destroyForcibly();
            for (String more = output.readLine(); more != null; more = output.readLine()) {
                line = more;
            }
            return Integer.parseInt(line);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
