package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes a GGUF file of version 3 as a stream: metadata and tensors are announced first, then the tensors' bytes
/// follow in the same order, each tensor padded to a multiple of 32. The bytes go to a temporary file beside the
/// target, and [#commit] puts it in the target's place in one step, so nobody ever sees half a file. Closing without
/// committing leaves no trace.
public final class GgufWriter implements AutoCloseable {

    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;

    /// A tensor to come.
    ///
    /// @param shape outermost dimension first, in elements: the reverse of the file's order
    public record Entry(String name, Format format, long... shape) {

        /// Bytes of the tensor in the file, without padding.
        ///
        /// @throws IllegalArgumentException when its rows are not whole blocks
        public long bytes() {
            long rows = 1;
            for (int i = 0; i < shape.length - 1; i++) {
                rows = Math.multiplyExact(rows, shape[i]);
            }
            return Math.multiplyExact(rows, format.bytes(shape[shape.length - 1]));
        }
    }

    private final Path target;
    private final PartFile file;
    private final List<Entry> entries;

    /// The tensor being written, and its bytes still to come.
    private int current;

    private long missing;

    private GgufWriter(Path target, PartFile file, List<Entry> entries) {
        this.target = target;
        this.file = file;
        this.entries = entries;
        this.missing = entries.isEmpty() ? 0 : entries.getFirst().bytes();
    }

    /// Starts a file.
    ///
    /// @throws HadalException when the file can't be written
    /// @throws IllegalArgumentException for a name used twice or a format that GGUF doesn't know
    public static GgufWriter create(Path target, GgufPairs metadata, List<Entry> entries) {
        byte[] head = head(metadata, entries);
        var file = PartFile.create(target);
        try {
            file.write(head);
        } catch (HadalException e) {
            file.close();
            throw e;
        }
        return new GgufWriter(target, file, List.copyOf(entries));
    }

    private static byte[] head(GgufPairs metadata, List<Entry> entries) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        byte[] counts = new byte[20];
        ByteBuffer.wrap(counts)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(VERSION)
                .putLong(entries.size())
                .putLong(metadata.count());
        out.writeBytes(counts);
        out.writeBytes(metadata.bytes());
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (Entry entry : entries) {
            if (!names.add(entry.name())) {
                throw new IllegalArgumentException("tensor " + entry.name() + " appears twice");
            }
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            long[] shape = entry.shape();
            byte[] description = new byte[8 + name.length + 4 + 8 * shape.length + 4 + 8];
            var fields = ByteBuffer.wrap(description).order(ByteOrder.LITTLE_ENDIAN);
            fields.putLong(name.length).put(name).putInt(shape.length);
            for (int i = shape.length - 1; i >= 0; i--) {
                fields.putLong(shape[i]);
            }
            fields.putInt(GgmlType.id(entry.format())).putLong(offset);
            out.writeBytes(description);
            offset = Math.addExact(offset, entry.bytes() + padding(entry.bytes()));
        }
        out.writeBytes(new byte[padding(out.size())]);
        return out.toByteArray();
    }

    private static int padding(long size) {
        return Math.toIntExact(Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT - size);
    }

    /// Appends bytes of the tensor that is due.
    ///
    /// @throws IllegalStateException when it has no more bytes to come
    public void write(MemorySegment bytes) {
        if (bytes.byteSize() > missing) {
            throw new IllegalStateException(target + ": " + bytes.byteSize() + " bytes where "
                    + (current < entries.size() ? entries.get(current).name() : "the end") + " has room for "
                    + missing);
        }
        file.write(bytes);
        missing -= bytes.byteSize();
        while (missing == 0 && current < entries.size()) {
            file.write(new byte[padding(entries.get(current).bytes())]);
            current++;
            missing = current < entries.size() ? entries.get(current).bytes() : 0;
        }
    }

    /// Puts the finished file in its place.
    ///
    /// @throws IllegalStateException when bytes of the announced tensors are missing
    /// @throws HadalException when the file can't be written
    public void commit() {
        if (current < entries.size()) {
            throw new IllegalStateException(target + ": " + missing + " bytes of "
                    + entries.get(current).name() + " are missing");
        }
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }
}
