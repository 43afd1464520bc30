package ai.hadal.backend.host;

import ai.hadal.backend.EntryLayout;
import ai.hadal.tensor.ActivationRounding;
import ai.hadal.tensor.E2m1;
import ai.hadal.tensor.E4m3;
import ai.hadal.tensor.E8m0;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// An entry's values to the bytes that it is kept in, and back.
public final class EntryCodes {

    private static final VarHandle FLOATS =
            MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

    private EntryCodes() {}

    /// Encodes `x[offset ..]` to `bytes[at ..]`.
    public static void encode(EntryLayout layout, float[] x, int offset, byte[] bytes, int at) {
        switch (layout.form()) {
            case F32 -> putFloats(x, offset, layout.width(), bytes, at);
            case FP8 -> {
                int plain = layout.codes();
                for (int from = 0; from < plain; from += EntryLayout.FP8_GROUP) {
                    int end = Math.min(plain, from + EntryLayout.FP8_GROUP);
                    float scale = ActivationRounding.fp8Scale(ActivationRounding.amax(x, offset + from, offset + end));
                    bytes[at + layout.scalesAt() + from / EntryLayout.FP8_GROUP] = code(scale);
                    for (int i = from; i < end; i++) {
                        bytes[at + i] = Float.isNaN(scale) ? 0 : E4m3.encode(x[offset + i] / scale);
                    }
                }
                putFloats(x, offset + plain, layout.ropeDim(), bytes, at + plain);
            }
            case FP4 -> {
                for (int from = 0; from < layout.width(); from += EntryLayout.FP4_GROUP) {
                    int end = Math.min(layout.width(), from + EntryLayout.FP4_GROUP);
                    float scale = ActivationRounding.fp4Scale(ActivationRounding.amax(x, offset + from, offset + end));
                    bytes[at + layout.scalesAt() + from / EntryLayout.FP4_GROUP] = code(scale);
                    for (int i = from; i < end; i += 2) {
                        int low = Float.isNaN(scale) ? 0 : E2m1.encode(x[offset + i] / scale);
                        int high = Float.isNaN(scale) ? 0 : E2m1.encode(x[offset + i + 1] / scale);
                        bytes[at + i / 2] = (byte) (low | high << 4);
                    }
                }
            }
        }
    }

    /// Decodes `bytes[at ..]` to `out[to ..]`.
    public static void decode(EntryLayout layout, byte[] bytes, int at, float[] out, int to) {
        switch (layout.form()) {
            case F32 -> floats(bytes, at, layout.width(), out, to);
            case FP8 -> {
                int plain = layout.codes();
                for (int from = 0; from < plain; from += EntryLayout.FP8_GROUP) {
                    float scale = scale(layout, bytes, at, from / EntryLayout.FP8_GROUP);
                    e4m3(bytes, at + from, Math.min(EntryLayout.FP8_GROUP, plain - from), scale, out, to + from);
                }
                floats(bytes, at + plain, layout.ropeDim(), out, to + plain);
            }
            case FP4 -> {
                for (int i = 0; i < layout.width(); i++) {
                    int code = bytes[at + i / 2] >> i % 2 * 4;
                    out[to + i] = E2m1.decode(code) * scale(layout, bytes, at, i / EntryLayout.FP4_GROUP);
                }
            }
        }
    }

    /// The scale of a group of an entry.
    public static float scale(EntryLayout layout, byte[] bytes, int at, int group) {
        return E8m0.decode(bytes[at + layout.scalesAt() + group]);
    }

    private static void putFloats(float[] x, int offset, int n, byte[] bytes, int at) {
        for (int i = 0; i < n; i++) {
            FLOATS.set(bytes, at + Float.BYTES * i, x[offset + i]);
        }
    }

    /// `out[to + i]` = the float at `bytes[at + 4 i]`.
    public static void floats(byte[] bytes, int at, int n, float[] out, int to) {
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) FLOATS.get(bytes, at + Float.BYTES * i);
        }
    }

    /// `out[to + i]` = the E4M3 code `bytes[at + i]` times the scale.
    public static void e4m3(byte[] bytes, int at, int n, float scale, float[] out, int to) {
        for (int i = 0; i < n; i++) {
            out[to + i] = E4m3.decode(bytes[at + i]) * scale;
        }
    }

    /// The code of a scale, which is a normal power of two or NaN.
    private static byte code(float scale) {
        return Float.isNaN(scale) ? (byte) E8m0.NAN : E8m0.encodeCeil(scale);
    }
}
