package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// GGUF `Q6_K`: 256 elements in 210 bytes: the low four bits `ql[128]`, the high two bits `qh[64]`, sixteen signed
/// scales and an F16 `d`. The value is `d * scale * (q - 32)` with one scale for 16 elements.
public final class Q6_K {

    private Q6_K() {}

    /// Decodes the block at byte `offset` into 256 floats.
    public static void decode(MemorySegment data, long offset, float[] out, int outOffset) {
        float d = F16.decode(data.get(Little.SHORT, offset + 208));
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int group = i % 128 / 32;
            int l = i % 32;
            int low = data.get(ValueLayout.JAVA_BYTE, offset + 64L * half + l + 32L * (group & 1));
            int high = data.get(ValueLayout.JAVA_BYTE, offset + 128 + 32L * half + l);
            int q = ((group < 2 ? low : low >> 4) & 15) | ((high >> 2 * group) & 3) << 4;
            int scale = data.get(ValueLayout.JAVA_BYTE, offset + 192 + 8L * half + 2L * group + l / 16);
            out[outOffset + i] = d * scale * (q - 32);
        }
    }
}
