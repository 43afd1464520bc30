package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One GGUF v3 file: metadata, then a description of each tensor, then the tensors' data. Everything is checked
/// against the file's real size, and nothing is allocated by a declared count.
///
/// @param tensors by name, in file order, without those of a type that Hadal does not read
/// @param unsupported the type's name of every other tensor
record GgufFile(GgufMetadata metadata, Map<String, Tensor> tensors, Map<String, String> unsupported) {

    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int VERSION = 3;
    private static final int MAX_DIMENSIONS = 4;
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long MAX_ALIGNMENT = 1 << 24;

    /// Far more than any model has; what is described takes ten times its bytes of memory.
    private static final long MAX_TENSORS = 1 << 18;

    /// The least that a key-value pair takes: an empty key, a type and a byte.
    private static final long SMALLEST_PAIR = 13;

    /// The least that a tensor's description takes: an empty name, no dimension, a type and an offset.
    private static final long SMALLEST_DESCRIPTION = 24;

    private record Described(String name, long[] shape, int type, long offset) {}

    private record Range(String name, long begin, long end) {}

    static GgufFile map(Path file, Arena arena) {
        return parse(file, MappedFile.map(file, arena));
    }

    /// Parses a file's bytes.
    static GgufFile parse(Path file, MemorySegment bytes) {
        GgufCursor cursor = new GgufCursor(file, bytes);
        if (cursor.readInt("the file's magic number") != MAGIC) {
            throw new HadalException(
                    file + " is neither a GGUF nor a safetensors file; give a DeepSeek-V4 checkpoint directory, a "
                            + ".safetensors or a .gguf file");
        }
        int version = cursor.readInt("the version");
        if (version != VERSION) {
            throw new HadalException(file + " is GGUF version " + Integer.toUnsignedString(version)
                    + (version == Integer.reverseBytes(VERSION) ? " (big-endian)" : "")
                    + "; use a little-endian file of version " + VERSION);
        }
        long tensorCount = cursor.readLong("the number of tensors");
        long pairs = cursor.readCount(SMALLEST_PAIR, "metadata pairs");
        GgufMetadata metadata = new GgufMetadata(file, bytes, cursor, pairs);
        long alignment = metadata.integer("general.alignment", DEFAULT_ALIGNMENT);
        if (alignment < 1 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw new HadalException(file + ": metadata general.alignment is " + alignment
                    + " where a power of two up to " + MAX_ALIGNMENT + " is needed; download the file again");
        }
        if (tensorCount < 0 || tensorCount > cursor.remaining() / SMALLEST_DESCRIPTION) {
            throw new HadalException(file + " declares " + Long.toUnsignedString(tensorCount)
                    + " tensors, more than its " + bytes.byteSize()
                    + " bytes can hold, so it is truncated or damaged; download it again");
        }
        if (tensorCount > MAX_TENSORS) {
            throw new HadalException(file + " declares " + tensorCount + " tensors, more than the " + MAX_TENSORS
                    + " that Hadal accepts, so it is damaged; download it again");
        }
        // One by one, so that a name that repeats ends the reading at once.
        Map<String, Described> described = new LinkedHashMap<>();
        for (long i = 0; i < tensorCount; i++) {
            Described tensor = describe(file, cursor);
            if (described.put(tensor.name(), tensor) != null) {
                throw broken(file, tensor.name(), "appears twice");
            }
        }
        long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
        MemorySegment data = dataStart >= bytes.byteSize() ? MemorySegment.NULL : bytes.asSlice(dataStart);
        return bind(file, metadata, described.values(), data, alignment);
    }

    private static Described describe(Path file, GgufCursor cursor) {
        String name = cursor.readName("a tensor's name");
        int dimensions = cursor.readInt("tensor " + name);
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
            throw broken(file, name, "has " + Integer.toUnsignedString(dimensions) + " dimensions");
        }
        long[] shape = new long[dimensions];
        for (int i = dimensions - 1; i >= 0; i--) {
            // Stored with the contiguous dimension first.
            shape[i] = cursor.readLong("tensor " + name);
        }
        int type = cursor.readInt("tensor " + name);
        return new Described(name, shape, type, cursor.readLong("tensor " + name));
    }

    private static GgufFile bind(
            Path file, GgufMetadata metadata, Collection<Described> described, MemorySegment data, long alignment) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> unsupported = new LinkedHashMap<>();
        List<Range> ranges = new ArrayList<>();
        for (Described d : described) {
            if (d.offset() < 0 || d.offset() > data.byteSize()) {
                throw broken(
                        file,
                        d.name(),
                        "begins at byte " + Long.toUnsignedString(d.offset()) + " of " + data.byteSize()
                                + " bytes of tensors, so the file is truncated or damaged");
            }
            if (d.offset() % alignment != 0) {
                throw broken(file, d.name(), "begins at byte " + d.offset() + ", no multiple of " + alignment);
            }
            Format format = GgmlType.format(d.type());
            if (format == null) {
                unsupported.put(d.name(), GgmlType.name(d.type()));
                continue;
            }
            long bytes = bytes(file, d, format);
            if (bytes > data.byteSize() - d.offset()) {
                throw broken(
                        file,
                        d.name(),
                        "needs " + bytes + " bytes from byte " + d.offset() + " of " + data.byteSize()
                                + ", so the file is truncated");
            }
            tensors.put(d.name(), new Tensor(d.name(), format, d.shape(), data.asSlice(d.offset(), bytes)));
            if (bytes > 0) {
                ranges.add(new Range(d.name(), d.offset(), d.offset() + bytes));
            }
        }
        ranges.sort(Comparator.comparingLong(Range::begin));
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).begin() < ranges.get(i - 1).end()) {
                throw broken(
                        file,
                        ranges.get(i).name(),
                        "shares bytes with the tensor " + ranges.get(i - 1).name());
            }
        }
        return new GgufFile(metadata, tensors, unsupported);
    }

    private static long bytes(Path file, Described d, Format format) {
        long[] shape = d.shape();
        long row = shape.length == 0 ? 1 : shape[shape.length - 1];
        if (row % format.blockElements() != 0) {
            throw broken(
                    file,
                    d.name(),
                    "has rows of " + row + " elements, no whole blocks of " + format.blockElements() + " (" + format
                            + ")");
        }
        try {
            long elements = 1;
            for (long size : shape) {
                if (size < 0) {
                    throw new ArithmeticException();
                }
                elements = Math.multiplyExact(elements, size);
            }
            return format.bytes(elements);
        } catch (ArithmeticException _) {
            throw broken(file, d.name(), "has the impossible shape " + Arrays.toString(shape));
        }
    }

    private static HadalException broken(Path file, String tensor, String what) {
        return new HadalException(file + ": tensor " + tensor + " " + what + "; download the file again");
    }
}
