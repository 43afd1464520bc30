package ai.hadal.server.telemetry;

import ai.hadal.error.HadalException;
import ai.hadal.error.IoReason;
import ai.hadal.server.reply.AuditRecord;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// An audit log: a line for each answer, added to a file that only its owner may read. It holds what was asked and
/// answered, as tokens.
///
/// ### Implementation note
/// A channel closes for everybody when one thread is interrupted in it, and threads of abandoned requests are; a stream
/// does not.
public final class AuditFile implements Consumer<AuditRecord>, AutoCloseable {

    private final Path path;
    private final OutputStream file;
    private final Consumer<String> warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean failing;

    private AuditFile(Path path, OutputStream file, Consumer<String> warnings) {
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
        var permissions = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            FileChannel.open(path, options, permissions).close();
            return new AuditFile(path, new FileOutputStream(path.toFile(), true), warnings);
        } catch (IOException e) {
            throw new HadalException(
                    "cannot write the audit log " + path + " (" + e.getClass().getSimpleName()
                            + "); choose another file (--audit-log)",
                    e);
        }
    }

    @Override
    public void accept(AuditRecord record) {
        byte[] bytes = (record.toLine() + "\n").getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            file.write(bytes);
            failing = false;
        } catch (IOException e) {
            // Once for each time that it begins to fail: a full disk must not fill the terminal too.
            if (!failing) {
                warnings.accept(
                        "answers are missing in the audit log " + path + " (" + IoReason.of(e) + "); make room for it");
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
            warnings.accept("the audit log " + path + " may lack its end (" + IoReason.of(e) + ")");
        }
    }
}
