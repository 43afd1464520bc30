package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.error.IoReason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/// A file in the making: its bytes go to a temporary file beside the target, which [#commit] puts in the target's
/// place in one step. Closing without committing leaves no trace.
final class PartFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private boolean committed;

    private PartFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /// Starts a file.
    ///
    /// @throws HadalException when it can't be written
    static PartFile create(Path target) {
        String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + suffix + ".tmp");
        try {
            var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Ctrl-C and a termination signal end the JVM without closing the writer.
            temporary.toFile().deleteOnExit();
            return new PartFile(target, temporary, channel);
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    void write(byte[] bytes) {
        flush();
        drain(ByteBuffer.wrap(bytes));
    }

    void write(MemorySegment bytes) {
        flush();
        // A byte buffer over a segment ends at 2 GB.
        for (long at = 0; at < bytes.byteSize(); at += 1 << 30) {
            drain(bytes.asSlice(at, Math.min(1 << 30, bytes.byteSize() - at)).asByteBuffer());
        }
    }

    void writeFloat(float value) {
        if (buffer.remaining() < Float.BYTES) {
            flush();
        }
        buffer.putFloat(value);
    }

    /// Puts the finished file in its place.
    ///
    /// @throws HadalException when it can't be written
    void commit() {
        flush();
        try {
            channel.force(true);
            channel.close();
            move();
            committed = true;
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    private void move() throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() {
        if (committed) {
            return;
        }
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw failure(temporary, e);
        }
    }

    private void flush() {
        drain(buffer.flip());
        buffer.clear();
    }

    private void drain(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failure(target, e);
        }
    }

    /// An I/O failure as a sentence about the file.
    static HadalException failure(Path target, IOException e) {
        return new HadalException(
                target + " cannot be written (" + IoReason.of(e) + "); check the directory and the free space", e);
    }
}
