package ai.hadal.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Builds small GGUF files, malformed ones too: counts, offsets and types are written as they are given.
public final class GgufBuilder {

    public static final int F32 = 0;
    public static final int F16 = 1;
    public static final int Q8_0 = 8;
    public static final int I32 = 26;
    public static final int MXFP4 = 39;

    private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    private final ByteArrayOutputStream descriptions = new ByteArrayOutputStream();
    private final List<byte[]> data = new ArrayList<>();
    private int pairCount;
    private int tensorCount;
    private long nextOffset;
    private int version = 3;
    private int alignment = 32;
    private long declaredTensors = -1;
    private long declaredPairs = -1;

    public GgufBuilder version(int version) {
        this.version = version;
        return this;
    }

    public GgufBuilder declaredTensors(long count) {
        this.declaredTensors = count;
        return this;
    }

    public GgufBuilder declaredPairs(long count) {
        this.declaredPairs = count;
        return this;
    }

    public GgufBuilder alignment(int alignment) {
        this.alignment = Math.max(1, alignment);
        return u32("general.alignment", alignment);
    }

    public GgufBuilder u32(String key, int value) {
        return pair(key, 4, ints(value));
    }

    public GgufBuilder u16(String key, int value) {
        return pair(key, 2, new byte[] {(byte) value, (byte) (value >> 8)});
    }

    public GgufBuilder u64(String key, long value) {
        return pair(key, 10, longs(value));
    }

    public GgufBuilder f32(String key, float value) {
        return pair(key, 6, ints(Float.floatToRawIntBits(value)));
    }

    public GgufBuilder bool(String key, boolean value) {
        return pair(key, 7, new byte[] {(byte) (value ? 1 : 0)});
    }

    public GgufBuilder string(String key, String value) {
        return pair(key, 8, text(value));
    }

    public GgufBuilder i32s(String key, int... values) {
        return array(key, 5, values.length, ints(values));
    }

    public GgufBuilder f32s(String key, float... values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return array(key, 6, values.length, ints(bits));
    }

    public GgufBuilder strings(String key, String... values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String value : values) {
            out.writeBytes(text(value));
        }
        return array(key, 8, values.length, out.toByteArray());
    }

    /// An array whose count need not fit its bytes.
    public GgufBuilder array(String key, int elementType, long count, byte[] elements) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ints(elementType));
        out.writeBytes(longs(count));
        out.writeBytes(elements);
        return pair(key, 9, out.toByteArray());
    }

    public GgufBuilder pair(String key, int type, byte[] value) {
        pairs.writeBytes(text(key));
        pairs.writeBytes(ints(type));
        pairs.writeBytes(value);
        pairCount++;
        return this;
    }

    /// A tensor at the next aligned offset; the shape is row major.
    public GgufBuilder tensor(String name, int type, byte[] bytes, long... shape) {
        long offset = nextOffset;
        nextOffset = align(offset + bytes.length);
        data.add(bytes);
        return describe(name, type, offset, shape);
    }

    /// A tensor's description alone.
    public GgufBuilder describe(String name, int type, long offset, long... shape) {
        descriptions.writeBytes(text(name));
        descriptions.writeBytes(ints(shape.length));
        for (int i = shape.length - 1; i >= 0; i--) {
            descriptions.writeBytes(longs(shape[i]));
        }
        descriptions.writeBytes(ints(type));
        descriptions.writeBytes(longs(offset));
        tensorCount++;
        return this;
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(ints(version));
        out.writeBytes(longs(declaredTensors >= 0 ? declaredTensors : tensorCount));
        out.writeBytes(longs(declaredPairs >= 0 ? declaredPairs : pairCount));
        out.writeBytes(pairs.toByteArray());
        out.writeBytes(descriptions.toByteArray());
        pad(out);
        for (byte[] tensor : data) {
            out.writeBytes(tensor);
            pad(out);
        }
        return out.toByteArray();
    }

    public Path writeTo(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The little-endian bytes of floats.
    public static byte[] floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    private long align(long position) {
        return Math.ceilDiv(position, (long) alignment) * alignment;
    }

    private void pad(ByteArrayOutputStream out) {
        out.writeBytes(new byte[(int) (align(out.size()) - out.size())]);
    }

    private static byte[] text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(8 + utf8.length).order(ByteOrder.LITTLE_ENDIAN);
        return buffer.putLong(utf8.length).put(utf8).array();
    }

    private static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    private static byte[] longs(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
