package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a safetensors file as a stream: the tensors are announced first, then their bytes follow in the same
/// order. The bytes go to a temporary file beside the target, and [#commit] puts it in the target's place in one
/// step, so nobody ever sees half a file. Closing without committing leaves no trace.
public final class SafetensorsWriter implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    /// A tensor to come; `F4_E2M1` is written as bytes of packed pairs.
    ///
    /// @param shape outermost dimension first, in elements
    public record Entry(String name, Format format, long... shape) {

        long bytes() {
            long elements = 1;
            for (long size : shape) {
                elements = Math.multiplyExact(elements, size);
            }
            return format.bytes(elements);
        }
    }

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long announced;
    private long written;
    private boolean committed;

    private SafetensorsWriter(Path target, Path temporary, FileChannel channel, long announced) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
        this.announced = announced;
    }

    /// Starts a file without metadata.
    public static SafetensorsWriter create(Path target, List<Entry> entries) {
        return create(target, entries, Map.of());
    }

    /// Starts a file.
    ///
    /// @throws HadalException when the file can't be written
    /// @throws IllegalArgumentException for a name used twice or a format that safetensors doesn't know
    public static SafetensorsWriter create(Path target, List<Entry> entries, Map<String, String> metadata) {
        byte[] header = header(entries, metadata);
        long announced = 0;
        for (Entry entry : entries) {
            announced = Math.addExact(announced, entry.bytes());
        }
        Path name = target.getFileName();
        String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path temporary = target.resolveSibling("." + name + "." + suffix + ".tmp");
        FileChannel channel;
        try {
            channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failure(target, e);
        }
        // Ctrl-C and a termination signal end the JVM without closing the writer.
        temporary.toFile().deleteOnExit();
        SafetensorsWriter writer = new SafetensorsWriter(target, temporary, channel, announced);
        try {
            writer.drain(ByteBuffer.wrap(header));
        } catch (HadalException e) {
            writer.close();
            throw e;
        }
        return writer;
    }

    private static byte[] header(List<Entry> entries, Map<String, String> metadata) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject("__metadata__");
            metadata.forEach(node::put);
        }
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (Entry entry : entries) {
            if (!names.add(entry.name())) {
                throw new IllegalArgumentException("tensor " + entry.name() + " appears twice");
            }
            ObjectNode node = root.putObject(entry.name());
            node.put("dtype", SafetensorsHeader.dtype(entry.format()));
            var shape = node.putArray("shape");
            for (int i = 0; i < entry.shape().length; i++) {
                boolean packed = entry.format() == Format.F4_E2M1 && i == entry.shape().length - 1;
                shape.add(packed ? entry.shape()[i] / 2 : entry.shape()[i]);
            }
            long end = Math.addExact(offset, entry.bytes());
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        return SafetensorsHeader.frame(root.toString());
    }

    /// Appends bytes as they are.
    public void write(MemorySegment bytes) {
        flush();
        // A byte buffer over a segment ends at 2 GB.
        for (long at = 0; at < bytes.byteSize(); at += 1 << 30) {
            MemorySegment part = bytes.asSlice(at, Math.min(1 << 30, bytes.byteSize() - at));
            count(part.byteSize());
            drain(part.asByteBuffer());
        }
    }

    /// Appends values of an F32 tensor.
    public void writeFloats(float[] values, int from, int count) {
        count(4L * count);
        for (int i = from; i < from + count; i++) {
            if (buffer.remaining() < Float.BYTES) {
                flush();
            }
            buffer.putFloat(values[i]);
        }
    }

    /// Appends all values of an F32 tensor.
    public void writeFloats(float[] values) {
        writeFloats(values, 0, values.length);
    }

    /// Puts the finished file in its place.
    ///
    /// @throws IllegalStateException when bytes of the announced tensors are missing
    /// @throws HadalException when the file can't be written
    public void commit() {
        if (written != announced) {
            throw new IllegalStateException(
                    target + " announces " + announced + " bytes of tensors but got " + written);
        }
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

    private void count(long bytes) {
        written += bytes;
        if (written > announced) {
            throw new IllegalStateException(target + " announces only " + announced + " bytes of tensors");
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

    private static HadalException failure(Path target, IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return new HadalException(
                target + " cannot be written (" + (reason == null ? e.getClass().getSimpleName() : reason)
                        + "); check the directory and the free space",
                e);
    }
}
