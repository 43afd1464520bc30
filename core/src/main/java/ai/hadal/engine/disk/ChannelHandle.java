package ai.hadal.engine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// An open file whose operations are all positional.
///
/// ### Implementation note
/// A channel closes for everybody when one thread is interrupted in it, and threads of abandoned requests
/// are. Every operation here may be done twice, so whoever meets a channel closed like this opens another and
/// goes on.
final class ChannelHandle implements Disk.Handle {

    private interface Operation<T> {
        T on(FileChannel channel) throws IOException;
    }

    /// A thread keeps a native buffer as large as the largest array it read or wrote at once.
    private static final int PIECE_BYTES = 1 << 18;

    private final Path path;
    private volatile FileChannel channel;
    private volatile boolean closed;

    private ChannelHandle(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static ChannelHandle create(Path path) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new ChannelHandle(path, FileChannel.open(path, options, ownerOnly(path, "rw-------")));
    }

    static ChannelHandle open(Path path) throws IOException {
        return new ChannelHandle(path, channel(path));
    }

    /// Permissions of a new file or folder, where the system knows such.
    static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public boolean read(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            long at = position + into.position() - start;
            int end = into.limit();
            into.limit(Math.min(end, into.position() + PIECE_BYTES));
            int read = retried(file -> file.read(into, at));
            into.limit(end);
            if (read < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        int start = from.position();
        while (from.hasRemaining()) {
            long at = position + from.position() - start;
            int end = from.limit();
            from.limit(Math.min(end, from.position() + PIECE_BYTES));
            retried(file -> file.write(from, at));
            from.limit(end);
        }
    }

    @Override
    public long size() throws IOException {
        return retried(FileChannel::size);
    }

    @Override
    public void truncate(long size) throws IOException {
        retried(file -> file.truncate(size));
    }

    @Override
    public void sync() throws IOException {
        retried(file -> {
            file.force(false);
            return file;
        });
    }

    private <T> T retried(Operation<T> operation) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                var current = channel;
                try {
                    return operation.on(current);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel broken, ClosedChannelException e) throws IOException {
        if (closed) {
            throw e;
        }
        if (channel.equals(broken)) {
            channel = channel(path);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
