package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// GGUF `MXFP4`: 32 elements in 17 bytes, a UE8M0 scale and 16 bytes of E2M1 codes; byte j holds element j in its
/// low and element j + 16 in its high nibble. The value is `e2m1 * 2^(e-127)`, exact; code 8 is -0, as in
/// `F4_E2M1`.
public final class Mxfp4 {

    private Mxfp4() {}

    /// Decodes the block at byte `offset` into 32 floats; a NaN scale makes them NaN.
    public static void decode(MemorySegment data, long offset, float[] out, int outOffset) {
        float scale = E8m0.decode(data.get(ValueLayout.JAVA_BYTE, offset));
        for (int j = 0; j < 16; j++) {
            int pair = data.get(ValueLayout.JAVA_BYTE, offset + 1 + j);
            out[outOffset + j] = E2m1.decode(pair) * scale;
            out[outOffset + j + 16] = E2m1.decode(pair >> 4) * scale;
        }
    }

    /// Encodes 32 floats with the smallest power-of-two scale that lets the largest magnitude fit into ±6.
    public static void encode(float[] x, int xOffset, MemorySegment data, long offset) {
        byte scaleCode = blockScale(x, xOffset);
        float scale = E8m0.decode(scaleCode);
        data.set(ValueLayout.JAVA_BYTE, offset, scaleCode);
        for (int j = 0; j < 16; j++) {
            int low = E2m1.encode(x[xOffset + j] / scale);
            int high = E2m1.encode(x[xOffset + j + 16] / scale);
            data.set(ValueLayout.JAVA_BYTE, offset + 1 + j, (byte) (low | high << 4));
        }
    }

    static byte blockScale(float[] x, int xOffset) {
        float amax = 0f;
        for (int i = 0; i < 32; i++) {
            amax = Math.max(amax, Math.abs(x[xOffset + i]));
        }
        return E8m0.encodeCeil(amax / E2m1.MAX);
    }
}
