package ai.hadal.server.telemetry;

import ai.hadal.error.HadalException;
import ai.hadal.server.reply.AuditRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// An audit log: a line for each answer, added to a file that only its owner may read. It holds what was asked and
/// answered, as tokens.
public final class AuditFile implements Consumer<AuditRecord>, AutoCloseable {

    private final Path path;
    private final FileChannel file;
    private final Consumer<String> warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean failing;

    private AuditFile(Path path, FileChannel file, Consumer<String> warnings) {
        this.path = path;
        this.file = file;
        this.warnings = warnings;
    }

    /// Opens a file to add to; it is created if it is not there.
    ///
    /// @throws HadalException if it cannot be written
    public static AuditFile open(Path path, Consumer<String> warnings) {
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        try {
            var channel = posix
                    ? FileChannel.open(
                            path,
                            options,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                    : FileChannel.open(path, options);
            return new AuditFile(path, channel, warnings);
        } catch (IOException e) {
            throw new HadalException(
                    "cannot write the audit log " + path + " (" + e.getClass().getSimpleName()
                            + "); choose another file (--audit-log)",
                    e);
        }
    }

    @Override
    public void accept(AuditRecord record) {
        var bytes = ByteBuffer.wrap((record.toLine() + "\n").getBytes(StandardCharsets.UTF_8));
        lock.lock();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            failing = false;
        } catch (IOException e) {
            // Once for each time that it begins to fail: a full disk must not fill the terminal too.
            if (!failing) {
                warnings.accept(
                        "answers are missing in the audit log " + path + " (" + e.getMessage() + "); make room for it");
            }
            failing = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            warnings.accept("the audit log " + path + " may lack its end (" + e.getMessage() + ")");
        }
    }
}
