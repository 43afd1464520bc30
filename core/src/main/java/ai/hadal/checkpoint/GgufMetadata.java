package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The key-value pairs of a GGUF file. Values stay in the mapped file and are decoded when asked for, so a
/// vocabulary costs nothing until somebody wants it.
///
/// A getter without a default requires its key. Numbers convert between widths, integers also to floating point;
/// everything else must have the type that is asked for.
public final class GgufMetadata {

    /// Arrays of arrays deeper than this are refused.
    private static final int MAX_DEPTH = 4;

    /// A chat template has kilobytes.
    private static final long MAX_STRING_BYTES = 1 << 24;

    /// A model has dozens of keys.
    private static final long MAX_PAIRS = 1 << 16;

    /// Elements of an array that is walked or decoded; vocabularies and merges have about 2^17.
    private static final long MAX_ELEMENTS = 1 << 22;

    private final Path file;
    private final MemorySegment bytes;
    private final Map<String, Value> values = new LinkedHashMap<>();

    /// A value: where its bytes begin and end; for an array the type and number of its elements.
    private record Value(GgufValueType type, @Nullable GgufValueType element, long count, long offset, long end) {}

    GgufMetadata(Path file, MemorySegment bytes, GgufCursor cursor, long count) {
        this.file = file;
        this.bytes = bytes;
        if (count > MAX_PAIRS) {
            throw new HadalException(file + " declares " + count + " metadata pairs, more than the " + MAX_PAIRS
                    + " that Hadal accepts, so it is damaged; download it again");
        }
        for (long i = 0; i < count; i++) {
            String key = cursor.readName("a metadata key");
            Value value = skipValue(key, cursor, readType(key, cursor), 0);
            if (values.put(key, value) != null) {
                throw new HadalException(file + " has the metadata key " + key + " twice; download it again");
            }
        }
    }

    private GgufValueType readType(String key, GgufCursor cursor) {
        int id = cursor.readInt(key);
        GgufValueType type = GgufValueType.of(id);
        if (type == null) {
            throw new HadalException(
                    file + ": metadata " + key + " has the unknown type " + id + "; download the file again");
        }
        return type;
    }

    private Value skipValue(String key, GgufCursor cursor, GgufValueType type, int depth) {
        long start = cursor.position();
        switch (type) {
            case STRING -> cursor.skipString(key);
            case ARRAY -> {
                GgufValueType element = readType(key, cursor);
                if (depth == MAX_DEPTH) {
                    throw new HadalException(
                            file + ": metadata " + key + " nests arrays too deeply; download the file again");
                }
                // A string takes at least its length, an array its type and length.
                long smallest = switch (element) {
                    case STRING -> Long.BYTES;
                    case ARRAY -> Integer.BYTES + Long.BYTES;
                    default -> element.bytes();
                };
                long count = cursor.readCount(smallest, "elements of " + key);
                start = cursor.position();
                if (element.bytes() > 0) {
                    cursor.skip(count * element.bytes(), key);
                } else {
                    checkElements(key, count);
                    for (long i = 0; i < count; i++) {
                        skipValue(key, cursor, element, depth + 1);
                    }
                }
                return new Value(type, element, count, start, cursor.position());
            }
            default -> cursor.skip(type.bytes(), key);
        }
        return new Value(type, null, 1, start, cursor.position());
    }

    /// The file the metadata came from.
    public Path file() {
        return file;
    }

    /// All keys, in file order.
    public Set<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /// Whether the key is there and holds an array.
    public boolean isArray(String key) {
        Value value = values.get(key);
        return value != null && value.type() == GgufValueType.ARRAY;
    }

    /// @throws HadalException when the key is absent or holds no integer, or one past the range of long
    public long integer(String key) {
        return integer(key, require(key));
    }

    public long integer(String key, long otherwise) {
        return has(key) ? integer(key) : otherwise;
    }

    private long integer(String key, Value value) {
        if (!value.type().isInteger()) {
            throw wrongType(key, value, "an integer");
        }
        return integerAt(key, value.type(), value.offset());
    }

    /// @throws HadalException when the key is absent or holds no number
    public double number(String key) {
        Value value = require(key);
        return switch (value.type()) {
            case F32, F64 -> floatAt(value.type(), value.offset());
            default -> integer(key, value);
        };
    }

    public double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    /// @throws HadalException when the key is absent or holds no boolean
    public boolean bool(String key) {
        Value value = require(key);
        if (value.type() != GgufValueType.BOOL) {
            throw wrongType(key, value, "a boolean");
        }
        return bytes.get(ValueLayout.JAVA_BYTE, value.offset()) != 0;
    }

    public boolean bool(String key, boolean otherwise) {
        return has(key) ? bool(key) : otherwise;
    }

    /// @throws HadalException when the key is absent or holds no string
    public String string(String key) {
        Value value = require(key);
        if (value.type() != GgufValueType.STRING) {
            throw wrongType(key, value, "a string");
        }
        return stringAt(key, value.offset());
    }

    public String string(String key, String otherwise) {
        return has(key) ? string(key) : otherwise;
    }

    /// @throws HadalException when the key is absent or holds no array of integers
    public long[] integers(String key) {
        Value value = require(key);
        GgufValueType element = value.element();
        if (element == null || !element.isInteger()) {
            throw wrongType(key, value, "an array of integers");
        }
        long[] out = new long[arrayLength(key, value)];
        for (int i = 0; i < out.length; i++) {
            out[i] = integerAt(key, element, value.offset() + (long) i * element.bytes());
        }
        return out;
    }

    /// @throws HadalException when the key is absent or holds no array of floating-point numbers
    public float[] floats(String key) {
        Value value = require(key);
        GgufValueType element = value.element();
        if (element != GgufValueType.F32 && element != GgufValueType.F64) {
            throw wrongType(key, value, "an array of floating-point numbers");
        }
        float[] out = new float[arrayLength(key, value)];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) floatAt(element, value.offset() + (long) i * element.bytes());
        }
        return out;
    }

    /// @throws HadalException when the key is absent or holds no array of strings
    public List<String> strings(String key) {
        Value value = require(key);
        if (value.element() != GgufValueType.STRING) {
            throw wrongType(key, value, "an array of strings");
        }
        List<String> out = new ArrayList<>(arrayLength(key, value));
        long at = value.offset();
        for (long i = 0; i < value.count(); i++) {
            out.add(stringAt(key, at));
            at += Long.BYTES + bytes.get(GgufCursor.LONG, at);
        }
        return out;
    }

    /// The number of elements of an array, 1 for a single value, 0 for an absent key.
    public long count(String key) {
        Value value = values.get(key);
        return value == null ? 0 : value.count();
    }

    /// A value as text for people; arrays as their type and length.
    public String display(String key) {
        Value value = require(key);
        return switch (value.type()) {
            case STRING -> string(key);
            case BOOL -> Boolean.toString(bool(key));
            case F32 -> Float.toString((float) number(key));
            case F64 -> Double.toString(number(key));
            case ARRAY -> value.element() + "[" + value.count() + "]";
            case U64 -> Long.toUnsignedString(bytes.get(GgufCursor.LONG, value.offset()));
            default -> Long.toString(integer(key));
        };
    }

    /// A value as the file has it: its type and its bytes, for an array without the elements' type and number.
    Raw raw(String key) {
        Value value = require(key);
        return new Raw(
                value.type(),
                value.element(),
                value.count(),
                bytes.asSlice(value.offset(), value.end() - value.offset()));
    }

    record Raw(GgufValueType type, @Nullable GgufValueType element, long count, MemorySegment bytes) {}

    private Value require(String key) {
        Value value = values.get(key);
        if (value == null) {
            throw new HadalException(file + " has no metadata " + key
                    + "; use a file converted for DeepSeek-V4 (architecture deepseek4)");
        }
        return value;
    }

    private int arrayLength(String key, Value value) {
        checkElements(key, value.count());
        return (int) value.count();
    }

    private void checkElements(String key, long count) {
        if (count > MAX_ELEMENTS) {
            throw new HadalException(file + ": metadata " + key + " has " + count + " elements, more than the "
                    + MAX_ELEMENTS + " that Hadal accepts; download the file again");
        }
    }

    private long integerAt(String key, GgufValueType type, long at) {
        return switch (type) {
            case U8 -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            case I8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
            case U16 -> bytes.get(GgufCursor.SHORT, at) & 0xffff;
            case I16 -> bytes.get(GgufCursor.SHORT, at);
            case U32 -> Integer.toUnsignedLong(bytes.get(GgufCursor.INT, at));
            case I32 -> bytes.get(GgufCursor.INT, at);
            case I64 -> bytes.get(GgufCursor.LONG, at);
            case U64 -> {
                long value = bytes.get(GgufCursor.LONG, at);
                if (value < 0) {
                    throw new HadalException(file + ": metadata " + key + " has the value "
                            + Long.toUnsignedString(value) + ", which is out of range; download the file again");
                }
                yield value;
            }
            case F32, F64, BOOL, STRING, ARRAY -> throw new IllegalArgumentException(type + " is no integer");
        };
    }

    private double floatAt(GgufValueType type, long at) {
        return type == GgufValueType.F32 ? bytes.get(GgufCursor.FLOAT, at) : bytes.get(GgufCursor.DOUBLE, at);
    }

    private String stringAt(String key, long at) {
        long length = bytes.get(GgufCursor.LONG, at);
        if (length > MAX_STRING_BYTES) {
            throw new HadalException(
                    file + ": metadata " + key + " is a string of " + length + " bytes; download the file again");
        }
        return GgufCursor.string(bytes, at + Long.BYTES, (int) length);
    }

    private HadalException wrongType(String key, Value value, String wanted) {
        String found = value.type() == GgufValueType.ARRAY
                ? "ARRAY of " + value.element()
                : value.type().name();
        return new HadalException(file + ": metadata " + key + " has the type " + found + " where " + wanted
                + " is needed; use a file converted for DeepSeek-V4");
    }
}
