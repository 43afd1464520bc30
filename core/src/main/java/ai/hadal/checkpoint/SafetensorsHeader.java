package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads the header of a safetensors file: eight bytes of length, then a JSON object that maps each name to a
/// dtype, a shape and the byte range of its data, counted from the end of the header. Every claim is checked
/// against the file's real size before it is used, and nothing is allocated by a declared length.
final class SafetensorsHeader {

    /// The format's own limit on the header.
    static final long MAX_BYTES = 100_000_000;

    /// More dimensions than any tensor of a checkpoint has.
    private static final int MAX_DIMENSIONS = 16;

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment data;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Range> ranges = new ArrayList<>();

    private record Range(String name, long begin, long end) {}

    private SafetensorsHeader(Path file, MemorySegment data) {
        this.file = file;
        this.data = data;
    }

    /// Parses a mapped file.
    static SafetensorsHeader parse(Path file, MemorySegment bytes) {
        if (bytes.byteSize() < Long.BYTES) {
            throw new HadalException(file + " is only " + bytes.byteSize()
                    + " bytes long, too short for a safetensors file; " + "download it again");
        }
        long length = bytes.get(LENGTH, 0);
        long room = bytes.byteSize() - Long.BYTES;
        if (length < 2 || length > MAX_BYTES || length > room) {
            throw new HadalException(file + " declares a header of " + Long.toUnsignedString(length)
                    + " bytes, but the file has room for " + room + " and the format allows " + MAX_BYTES
                    + ", so it is truncated or no safetensors file; download it again");
        }
        SafetensorsHeader header = new SafetensorsHeader(file, bytes.asSlice(Long.BYTES + length, room - length));
        try (JsonParser parser = Json.parser(bytes.asSlice(Long.BYTES, length))) {
            header.readTensors(parser);
        } catch (JacksonException e) {
            throw Json.malformed("the header of " + file, e);
        }
        header.checkOverlaps();
        return header;
    }

    Map<String, Tensor> tensors() {
        return tensors;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    private void readTensors(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new HadalException("the header of " + file + " is not a JSON object; download the file again");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (name.equals("__metadata__")) {
                readMetadata(parser);
            } else {
                readTensor(parser, name);
            }
        }
        if (parser.nextToken() != null) {
            throw new HadalException(
                    "the header of " + file + " goes on after its JSON object; download the file again");
        }
    }

    private void readMetadata(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new HadalException("__metadata__ in " + file + " is not a JSON object; download the file again");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new HadalException("__metadata__ field " + Text.printable(key) + " in " + file
                        + " is not a string; download the file again");
            }
            metadata.put(key, parser.getString());
        }
    }

    private void readTensor(JsonParser parser, String name) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw broken(name, "is not described by a JSON object");
        }
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "dtype" -> {
                    if (value != JsonToken.VALUE_STRING) {
                        throw broken(name, "has a dtype that is not a string");
                    }
                    dtype = parser.getString();
                }
                case "shape" -> shape = readLongs(parser, name, "shape");
                case "data_offsets" -> offsets = readLongs(parser, name, "data_offsets");
                default -> throw broken(name, "has the unknown field " + field);
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw broken(name, "lacks dtype, shape or data_offsets");
        }
        add(name, dtype, shape, offsets);
    }

    private long[] readLongs(JsonParser parser, String name, String field) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw broken(name, "has a " + field + " that is not an array");
        }
        long[] values = new long[MAX_DIMENSIONS];
        int n = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || n == MAX_DIMENSIONS) {
                throw broken(name, "has a " + field + " that is not a short array of integers");
            }
            values[n] = parser.getLongValue();
            if (values[n++] < 0) {
                throw broken(name, "has a negative number in its " + field);
            }
        }
        return Arrays.copyOf(values, n);
    }

    private void add(String name, String dtype, long[] shape, long[] offsets) {
        Format format = format(dtype);
        if (format == null) {
            throw broken(name, "has the dtype " + dtype + ", which is none of " + String.join(", ", DTYPES));
        }
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > data.byteSize()) {
            throw broken(
                    name,
                    "claims the bytes " + Arrays.toString(offsets) + ", but the file holds " + data.byteSize()
                            + " bytes of tensors, so it is truncated or damaged");
        }
        long bytes;
        try {
            long elements = 1;
            for (long size : shape) {
                elements = Math.multiplyExact(elements, size);
            }
            bytes = format.bytes(elements);
        } catch (ArithmeticException _) {
            throw broken(name, "has the impossible shape " + Arrays.toString(shape));
        }
        if (bytes != offsets[1] - offsets[0]) {
            throw broken(
                    name,
                    "has " + (offsets[1] - offsets[0]) + " bytes where " + dtype + " of shape " + Arrays.toString(shape)
                            + " takes " + bytes);
        }
        if (!Text.isPrintable(name)) {
            throw broken(name, "has control characters in its name");
        }
        Tensor tensor = new Tensor(name, format, shape, data.asSlice(offsets[0], bytes));
        if (tensors.put(name, tensor) != null) {
            throw broken(name, "appears twice");
        }
        if (bytes > 0) {
            ranges.add(new Range(name, offsets[0], offsets[1]));
        }
    }

    private void checkOverlaps() {
        ranges.sort(Comparator.comparingLong(Range::begin));
        for (int i = 1; i < ranges.size(); i++) {
            Range before = ranges.get(i - 1);
            if (ranges.get(i).begin() < before.end()) {
                throw broken(ranges.get(i).name(), "shares bytes with the tensor " + before.name());
            }
        }
    }

    private HadalException broken(String tensor, String what) {
        return new HadalException(
                Text.printable(file + ": tensor " + tensor + " " + what + "; download the file again"));
    }

    private static final List<String> DTYPES =
            List.of("F32", "F16", "BF16", "F8_E4M3", "F8_E8M0", "I8", "U8", "I32", "I64");

    private static @Nullable Format format(String dtype) {
        return DTYPES.contains(dtype) ? Format.valueOf(dtype) : null;
    }

    /// The dtype that a format is written as; packed FP4 is written as bytes.
    ///
    /// @throws IllegalArgumentException for a format that safetensors doesn't know
    static String dtype(Format format) {
        if (format == Format.F4_E2M1) {
            return "I8";
        }
        if (!DTYPES.contains(format.name())) {
            throw new IllegalArgumentException("safetensors has no dtype for " + format);
        }
        return format.name();
    }

    /// A header's JSON text as the file's first bytes: its length, the text and spaces up to a multiple of eight.
    static byte[] frame(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(text.length, 8) * 8;
        byte[] framed = new byte[Long.BYTES + length];
        Arrays.fill(framed, (byte) ' ');
        MemorySegment.ofArray(framed).set(LENGTH, 0, length);
        System.arraycopy(text, 0, framed, Long.BYTES, text.length);
        return framed;
    }
}
