package ai.hadal.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Float matrices to stored weights, for tools that write checkpoints. Scales are the smallest powers of two that
/// fit the largest magnitude (for `Q8_0` the F16 of `amax / 127`, for `Q4_K` a search's result); codes are the nearest
/// ones.
public final class WeightEncoder {

    private WeightEncoder() {}

    /// Encodes a row-major `[rows, cols]` matrix into memory of `arena`.
    ///
    /// @throws IllegalArgumentException for a format without an encoder, columns that are not whole blocks (for
    ///     `F4_E2M1` multiples of 32), or values that are not finite in a scaled format
    public static Weight encode(String name, Format format, float[] values, int rows, int cols, Arena arena) {
        return encode(name, format, values, rows, cols, Mxfp4::blockScale, arena);
    }

    /// As [#encode], but the scales of `F4_E2M1` and `MXFP4` are those of least squared error.
    public static Weight encodeClosest(String name, Format format, float[] values, int rows, int cols, Arena arena) {
        return encode(name, format, values, rows, cols, Mxfp4::bestScale, arena);
    }

    /// The code of the scale of 32 values.
    private interface GroupScale {
        byte of(float[] values, int at);
    }

    private static Weight encode(
            String name, Format format, float[] values, int rows, int cols, GroupScale groupScale, Arena arena) {
        if (values.length != Math.multiplyExact(rows, cols)) {
            throw new IllegalArgumentException(values.length + " values are not [" + rows + ", " + cols + "]");
        }
        long stride = format.bytes(cols);
        MemorySegment data = arena.allocate(Math.multiplyExact(stride, (long) rows));
        MemorySegment scale = null;
        switch (format) {
            case F32 -> {
                for (int i = 0; i < values.length; i++) {
                    data.set(Little.FLOAT, 4L * i, values[i]);
                }
            }
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    data.set(Little.SHORT, 2L * i, F16.encode(values[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    data.set(Little.SHORT, 2L * i, Bf16.encode(values[i]));
                }
            }
            case F8_E4M3 -> scale = encodeF8(values, rows, cols, data, arena);
            case F4_E2M1 -> scale = encodeF4(values, rows, cols, groupScale, data, arena);
            case Q8_0 -> {
                for (int b = 0; b < values.length / 32; b++) {
                    Q8_0.encode(values, 32 * b, data, 34L * b);
                }
            }
            case MXFP4 -> {
                for (int b = 0; b < values.length / 32; b++) {
                    Mxfp4.encode(values, 32 * b, groupScale.of(values, 32 * b), data, 17L * b);
                }
            }
            case Q4_K -> {
                for (int b = 0; b < values.length / 256; b++) {
                    Q4_K.encode(values, 256 * b, data, 144L * b);
                }
            }
            default -> throw new IllegalArgumentException("no encoder for " + format);
        }
        return new Weight(name, format, rows, cols, stride, data, scale);
    }

    private static MemorySegment encodeF8(float[] values, int rows, int cols, MemorySegment data, Arena arena) {
        int tilesDown = WeightRows.tiles(rows);
        int tilesAcross = WeightRows.tiles(cols);
        MemorySegment scales = arena.allocate((long) tilesDown * tilesAcross);
        for (int down = 0; down < tilesDown; down++) {
            for (int across = 0; across < tilesAcross; across++) {
                int rowEnd = Math.min(rows, (down + 1) * WeightRows.TILE);
                int colEnd = Math.min(cols, (across + 1) * WeightRows.TILE);
                float amax = 0f;
                for (int r = down * WeightRows.TILE; r < rowEnd; r++) {
                    for (int c = across * WeightRows.TILE; c < colEnd; c++) {
                        amax = Math.max(amax, Math.abs(values[r * cols + c]));
                    }
                }
                byte code = E8m0.encodeCeil(amax / E4m3.MAX);
                float scale = E8m0.decode(code);
                scales.set(ValueLayout.JAVA_BYTE, (long) down * tilesAcross + across, code);
                for (int r = down * WeightRows.TILE; r < rowEnd; r++) {
                    for (int c = across * WeightRows.TILE; c < colEnd; c++) {
                        byte value = E4m3.encode(values[r * cols + c] / scale);
                        data.set(ValueLayout.JAVA_BYTE, (long) r * cols + c, value);
                    }
                }
            }
        }
        return scales;
    }

    private static MemorySegment encodeF4(
            float[] values, int rows, int cols, GroupScale groupScale, MemorySegment data, Arena arena) {
        if (cols % WeightRows.FP4_GROUP != 0) {
            throw new IllegalArgumentException(cols + " columns are not whole groups of " + WeightRows.FP4_GROUP);
        }
        MemorySegment scales = arena.allocate((long) rows * (cols / WeightRows.FP4_GROUP));
        for (int group = 0; group < values.length / WeightRows.FP4_GROUP; group++) {
            int at = group * WeightRows.FP4_GROUP;
            byte code = groupScale.of(values, at);
            float scale = E8m0.decode(code);
            scales.set(ValueLayout.JAVA_BYTE, group, code);
            for (int j = 0; j < WeightRows.FP4_GROUP; j += 2) {
                int low = E2m1.encode(values[at + j] / scale);
                int high = E2m1.encode(values[at + j + 1] / scale);
                data.set(ValueLayout.JAVA_BYTE, (at + j) / 2, (byte) (low | high << 4));
            }
        }
        return scales;
    }
}
