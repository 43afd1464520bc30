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
        encode(x, xOffset, blockScale(x, xOffset), data, offset);
    }

    static void encode(float[] x, int xOffset, byte scaleCode, MemorySegment data, long offset) {
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

    /// The scale of least squared error: the one that fits the largest magnitude or, where losing that one's end
    /// serves the others better, half of it.
    static byte bestScale(float[] x, int xOffset) {
        byte fitting = blockScale(x, xOffset);
        int half = (fitting & 0xff) - 1;
        return half >= 0 && error(x, xOffset, E8m0.decode((byte) half)) < error(x, xOffset, E8m0.decode(fitting))
                ? (byte) half
                : fitting;
    }

    private static double error(float[] x, int xOffset, float scale) {
        double sum = 0;
        for (int i = 0; i < 32; i++) {
            double difference = (double) E2m1.decode(E2m1.encode(x[xOffset + i] / scale)) * scale - x[xOffset + i];
            sum += difference * difference;
        }
        return sum;
    }

    /// The codes of an `F4_E2M1` group (16 bytes, neighbours in a byte) and its scale as a block; no bit of a code is
    /// lost.
    public static void fromPairs(MemorySegment pairs, long pairsAt, byte scale, MemorySegment block, long blockAt) {
        block.set(ValueLayout.JAVA_BYTE, blockAt, scale);
        for (int j = 0; j < 16; j++) {
            int low = pairs.get(ValueLayout.JAVA_BYTE, pairsAt + j / 2) >> 4 * (j & 1);
            int high = pairs.get(ValueLayout.JAVA_BYTE, pairsAt + 8 + j / 2) >> 4 * (j & 1);
            block.set(ValueLayout.JAVA_BYTE, blockAt + 1 + j, (byte) (low & 15 | high << 4));
        }
    }

    /// The codes of a block as those of an `F4_E2M1` group; the group's scale is the block's first byte.
    public static void toPairs(MemorySegment block, long blockAt, MemorySegment pairs, long pairsAt) {
        for (int j = 0; j < 16; j++) {
            // Elements 0 to 15 are low nibbles, 16 to 31 high ones.
            int shift = j < 8 ? 0 : 4;
            int even = block.get(ValueLayout.JAVA_BYTE, blockAt + 1 + 2L * (j % 8)) >> shift;
            int odd = block.get(ValueLayout.JAVA_BYTE, blockAt + 2 + 2L * (j % 8)) >> shift;
            pairs.set(ValueLayout.JAVA_BYTE, pairsAt + j, (byte) (even & 15 | odd << 4));
        }
    }
}
