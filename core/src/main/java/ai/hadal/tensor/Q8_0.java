package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// GGUF `Q8_0`: 32 elements in 34 bytes, an F16 scale `d` and 32 signed bytes `q`; the value is `d * q`.
public final class Q8_0 {

    private Q8_0() {}

    /// Decodes the block at byte `offset` into 32 floats.
    public static void decode(MemorySegment data, long offset, float[] out, int outOffset) {
        float d = F16.decode(data.get(Little.SHORT, offset));
        for (int i = 0; i < 32; i++) {
            out[outOffset + i] = d * data.get(ValueLayout.JAVA_BYTE, offset + 2 + i);
        }
    }

    /// Encodes 32 floats: `d = amax / 127` rounded to F16, each `q` the nearest integer of `x / d` within ±127.
    public static void encode(float[] x, int xOffset, MemorySegment data, long offset) {
        float amax = 0f;
        for (int i = 0; i < 32; i++) {
            amax = Math.max(amax, Math.abs(x[xOffset + i]));
        }
        short code = F16.encode(amax / 127f);
        float d = F16.decode(code);
        data.set(Little.SHORT, offset, code);
        for (int i = 0; i < 32; i++) {
            int q = d == 0f ? 0 : Math.clamp(Math.round(x[xOffset + i] / d), -127, 127);
            data.set(ValueLayout.JAVA_BYTE, offset + 2 + i, (byte) q);
        }
    }
}
