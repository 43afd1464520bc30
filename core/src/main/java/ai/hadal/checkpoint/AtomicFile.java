package ai.hadal.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes a file that replaces an older one only when it is complete and on the disk. Its owner alone may read it.
public final class AtomicFile {

    /// Writes the content.
    public interface Content {
        void write(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /// Writes to a temporary file beside the target, which takes the target's name at the end; a failure or Ctrl-C
    /// leaves the target as it was and no other file.
    public static void write(Path file, Content content) throws IOException {
        var part = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".part");
        // Ctrl-C ends the JVM without the lines below.
        part.toFile().deleteOnExit();
        try {
            try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                content.write(Channels.newOutputStream(channel));
                // Else a power failure could leave the new name without the bytes.
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
