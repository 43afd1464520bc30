package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a safetensors file as a stream: the tensors are announced first, then their bytes follow in the same
/// order. The bytes go to a temporary file beside the target, and [#commit] puts it in the target's place in one
/// step, so nobody ever sees half a file. Closing without committing leaves no trace.
public final class SafetensorsWriter implements AutoCloseable {

    /// A tensor to come; `F4_E2M1` is written as bytes of packed pairs.
    ///
    /// @param shape outermost dimension first, in elements
    public record Entry(String name, Format format, long... shape) {

        /// Bytes of the tensor in the file.
        public long bytes() {
            long elements = 1;
            for (long size : shape) {
                elements = Math.multiplyExact(elements, size);
            }
            return format.bytes(elements);
        }
    }

    private final Path target;
    private final PartFile file;
    private final long announced;
    private long written;

    private SafetensorsWriter(Path target, PartFile file, long announced) {
        this.target = target;
        this.file = file;
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
        var file = PartFile.create(target);
        try {
            file.write(header);
        } catch (HadalException e) {
            file.close();
            throw e;
        }
        return new SafetensorsWriter(target, file, announced);
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
        count(bytes.byteSize());
        file.write(bytes);
    }

    /// Appends values of an F32 tensor.
    public void writeFloats(float[] values, int from, int count) {
        count(4L * count);
        for (int i = from; i < from + count; i++) {
            file.writeFloat(values[i]);
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
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }

    private void count(long bytes) {
        written += bytes;
        if (written > announced) {
            throw new IllegalStateException(target + " announces only " + announced + " bytes of tensors");
        }
    }
}
