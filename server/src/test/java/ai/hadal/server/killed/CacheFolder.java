package ai.hadal.server.killed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Where a server keeps its cache, and what befalls it there.
final class CacheFolder {

    private static final int DAMAGE_DISTANCE = 2000;
    private static final String DAMAGE = "has a damaged value (wrong checksum)";
    private static final String NOTES = "somebody's notes";

    private final Path folder;
    private boolean damaged;

    CacheFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    private Path notes() {
        return folder.resolve("00000000.hadalseg");
    }

    /// Puts a file there that only has the name of a segment.
    void addForeign() throws IOException {
        Files.writeString(notes(), NOTES);
    }

    /// Takes it away, of which a server has warned, and nothing more.
    void removeForeign(List<String> warnings) throws IOException {
        assertThat(notes()).hasContent(NOTES);
        Files.delete(notes());
        assertThat(warnings).anyMatch(warning -> warning.contains("is no segment of a Hadal cache"));
    }

    /// Changes a byte here and there, in most values and some headers of records.
    void damage() throws IOException {
        damaged = true;
        try (var files = Files.newDirectoryStream(folder, "*.hadalseg")) {
            for (Path file : files) {
                try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    for (long at = DAMAGE_DISTANCE; at < channel.size(); at += DAMAGE_DISTANCE) {
                        var one = ByteBuffer.allocate(1);
                        channel.read(one, at);
                        one.put(0, (byte) (one.get(0) + 1));
                        channel.write(one.rewind(), at);
                    }
                }
            }
        }
    }

    /// Checks that a server has noticed the damage.
    void damageNoticed(List<String> warnings) {
        assertThat(warnings).anyMatch(warning -> warning.contains(DAMAGE));
    }

    /// Checks that a server has warned of nothing that did not happen.
    void nothingElse(List<String> warnings) {
        // What is damaged is noticed when it is wanted, in a later life too.
        assertThat(warnings)
                .allMatch(warning -> warning.contains("as after a crash") || damaged && warning.contains(DAMAGE));
    }
}
