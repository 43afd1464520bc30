package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// GGUF `Q2_K`: 256 elements in 84 bytes: sixteen bytes with a 4-bit scale (low) and a 4-bit minimum (high) for 16
/// elements each, 64 bytes of 2-bit quants, F16 `d` and `dmin`. The value is `d * scale * q - dmin * min`.
public final class Q2_K {

    private Q2_K() {}

    /// Decodes the block at byte `offset` into 256 floats.
    public static void decode(MemorySegment data, long offset, float[] out, int outOffset) {
        float d = F16.decode(data.get(Little.SHORT, offset + 80));
        float dmin = F16.decode(data.get(Little.SHORT, offset + 82));
        for (int i = 0; i < 256; i++) {
            int scales = data.get(ValueLayout.JAVA_BYTE, offset + i / 16) & 0xff;
            int quants = data.get(ValueLayout.JAVA_BYTE, offset + 16 + 32L * (i / 128) + i % 32);
            int q = (quants >> 2 * (i % 128 / 32)) & 3;
            out[outOffset + i] = d * (scales & 15) * q - dmin * (scales >> 4);
        }
    }
}
