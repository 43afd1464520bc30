package ai.hadal.checkpoint;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The key-value pairs of a GGUF file to be written, in the order in which they are put.
public final class GgufPairs {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Set<String> keys = new LinkedHashSet<>();

    public boolean has(String key) {
        return keys.contains(key);
    }

    public GgufPairs u32(String key, int value) {
        begin(key, GgufValueType.U32);
        putInt(value);
        return this;
    }

    public GgufPairs f32(String key, float value) {
        begin(key, GgufValueType.F32);
        putInt(Float.floatToRawIntBits(value));
        return this;
    }

    public GgufPairs bool(String key, boolean value) {
        begin(key, GgufValueType.BOOL);
        bytes.write(value ? 1 : 0);
        return this;
    }

    public GgufPairs string(String key, String value) {
        begin(key, GgufValueType.STRING);
        putString(value);
        return this;
    }

    public GgufPairs i32s(String key, int[] values) {
        beginArray(key, GgufValueType.I32, values.length);
        for (int value : values) {
            putInt(value);
        }
        return this;
    }

    public GgufPairs f32s(String key, float[] values) {
        beginArray(key, GgufValueType.F32, values.length);
        for (float value : values) {
            putInt(Float.floatToRawIntBits(value));
        }
        return this;
    }

    public GgufPairs strings(String key, List<String> values) {
        beginArray(key, GgufValueType.STRING, values.size());
        values.forEach(this::putString);
        return this;
    }

    /// A pair of another file, bit for bit.
    ///
    /// @throws ai.hadal.error.HadalException when that file has no such key
    public GgufPairs copy(GgufMetadata from, String key) {
        var raw = from.raw(key);
        if (raw.element() == null) {
            begin(key, raw.type());
        } else {
            beginArray(key, raw.element(), raw.count());
        }
        bytes.writeBytes(raw.bytes().toArray(ValueLayout.JAVA_BYTE));
        return this;
    }

    int count() {
        return keys.size();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private void begin(String key, GgufValueType type) {
        if (!keys.add(key)) {
            throw new IllegalArgumentException("metadata " + key + " appears twice");
        }
        putString(key);
        putInt(type.id());
    }

    private void beginArray(String key, GgufValueType element, long count) {
        begin(key, GgufValueType.ARRAY);
        putInt(element.id());
        putLong(count);
    }

    private void putInt(int value) {
        bytes.writeBytes(little(Integer.BYTES).putInt(value).array());
    }

    private void putLong(long value) {
        bytes.writeBytes(little(Long.BYTES).putLong(value).array());
    }

    private void putString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        putLong(utf8.length);
        bytes.writeBytes(utf8);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
