package ai.hadal.server.telemetry;

import ai.hadal.error.HadalException;
import ai.hadal.error.IoReason;
import ai.hadal.server.reply.AuditRecord;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// An audit log: a line for each answer, added to a file that is created for its owner alone. It holds what was asked
/// and answered, as tokens.
///
/// ### Implementation note
/// A channel closes for everybody when one thread is interrupted in it, and threads of abandoned requests are; a stream
/// does not.
public final class AuditFile implements Consumer<AuditRecord>, AutoCloseable {

    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private final Path path;
    private final OutputStream file;
    private final Consumer<String> warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean failing;

    /// Whether the file ends within a line, because the disk was full or the process before was killed.
    private boolean torn;

    private AuditFile(Path path, OutputStream file, boolean torn, Consumer<String> warnings) {
        this.path = path;
        this.file = file;
        this.torn = torn;
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
            if (posix
                    && Files.isRegularFile(path)
                    && !Collections.disjoint(Files.getPosixFilePermissions(path), OTHERS)) {
                warnings.accept(
                        "others than its owner may read the audit log " + path + "; take that away (chmod 600)");
            }
            return new AuditFile(path, new FileOutputStream(path.toFile(), true), isTorn(path), warnings);
        } catch (IOException e) {
            throw new HadalException(
                    "cannot write the audit log " + path + " (" + e.getClass().getSimpleName()
                            + "); choose another file (--audit-log)",
                    e);
        }
    }

    private static boolean isTorn(Path path) throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            return false;
        }
        try (var reader = FileChannel.open(path, StandardOpenOption.READ)) {
            var last = ByteBuffer.allocate(1);
            reader.read(last, reader.size() - 1);
            return last.get(0) != '\n';
        }
    }

    @Override
    public void accept(AuditRecord record) {
        String line = record.toLine() + "\n";
        lock.lock();
        try {
            byte[] bytes = (torn ? "\n" + line : line).getBytes(StandardCharsets.UTF_8);
            torn = true;
            file.write(bytes);
            torn = false;
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
