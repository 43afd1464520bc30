package ai.hadal.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Golden tensors read with as little code as possible, independent of the reader under test.
public final class GoldenTensors {

    private final ByteBuffer data;
    private final JsonNode header;
    private final int start;

    private GoldenTensors(ByteBuffer data) {
        this.data = data.order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(data.getLong(0));
        byte[] json = new byte[length];
        data.get(8, json);
        this.header = new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8));
        this.start = 8 + length;
    }

    public static GoldenTensors read(Path file) {
        try (var channel = FileChannel.open(file)) {
            return new GoldenTensors(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String name) {
        return header.has(name);
    }

    public int[] shape(String name) {
        var shape = header.required(name).required("shape");
        int[] dims = new int[shape.size()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = shape.get(i).asInt();
        }
        return dims;
    }

    public float[] floats(String name) {
        var slice = slice(name, "F32").asFloatBuffer();
        float[] values = new float[slice.remaining()];
        slice.get(values);
        return values;
    }

    public int[] ints(String name) {
        var slice = slice(name, "I32").asIntBuffer();
        int[] values = new int[slice.remaining()];
        slice.get(values);
        return values;
    }

    public byte[] bytes(String name) {
        var slice = slice(name, "U8");
        byte[] values = new byte[slice.remaining()];
        slice.get(values);
        return values;
    }

    private ByteBuffer slice(String name, String dtype) {
        var info = header.get(name);
        if (info == null || !info.required("dtype").asString().equals(dtype)) {
            throw new IllegalArgumentException("no golden tensor " + name + " of type " + dtype);
        }
        int from = info.required("data_offsets").get(0).asInt();
        int to = info.required("data_offsets").get(1).asInt();
        return data.slice(start + from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    }
}
