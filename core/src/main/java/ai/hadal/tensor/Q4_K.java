package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// GGUF `Q4_K`: 256 elements in 144 bytes: F16 `d` and `dmin`, twelve bytes of 6-bit scales and minima for eight
/// sub-blocks of 32, and 128 bytes of 4-bit quants. The value is `d * scale * q - dmin * min`.
public final class Q4_K {

    private Q4_K() {}

    /// Decodes the block at byte `offset` into 256 floats.
    public static void decode(MemorySegment data, long offset, float[] out, int outOffset) {
        float d = F16.decode(data.get(Little.SHORT, offset));
        float dmin = F16.decode(data.get(Little.SHORT, offset + 2));
        for (int sub = 0; sub < 8; sub++) {
            float scale = d * scale(data, offset + 4, sub);
            float min = dmin * min(data, offset + 4, sub);
            // Two neighbouring sub-blocks share 32 bytes: the even one has the low nibbles, the odd one the high.
            long quants = offset + 16 + 32L * (sub / 2);
            int shift = 4 * (sub & 1);
            for (int i = 0; i < 32; i++) {
                int q = (data.get(ValueLayout.JAVA_BYTE, quants + i) >> shift) & 15;
                out[outOffset + 32 * sub + i] = scale * q - min;
            }
        }
    }

    /// Encodes 256 finite floats with the scales and minima that a search finds best.
    public static void encode(float[] x, int xOffset, MemorySegment data, long offset) {
        Q4_KEncoder.encode(x, xOffset, data, offset);
    }

    /// The 6-bit scale of a sub-block; `at` is the byte where the twelve packed bytes begin.
    public static int scale(MemorySegment data, long at, int sub) {
        return sub < 4
                ? data.get(ValueLayout.JAVA_BYTE, at + sub) & 63
                : (data.get(ValueLayout.JAVA_BYTE, at + sub + 4) & 15)
                        | ((data.get(ValueLayout.JAVA_BYTE, at + sub - 4) >> 6) & 3) << 4;
    }

    /// The 6-bit minimum of a sub-block.
    public static int min(MemorySegment data, long at, int sub) {
        return sub < 4
                ? data.get(ValueLayout.JAVA_BYTE, at + sub + 4) & 63
                : ((data.get(ValueLayout.JAVA_BYTE, at + sub + 4) >> 4) & 15)
                        | ((data.get(ValueLayout.JAVA_BYTE, at + sub) >> 6) & 3) << 4;
    }
}
