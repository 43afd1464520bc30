package ai.hadal.tensor;

/// bfloat16: the upper half of an IEEE 754 single.
public final class Bf16 {

    private Bf16() {}

    /// The exact value of a code.
    public static float decode(short code) {
        return Float.intBitsToFloat(code << 16);
    }

    /// The nearest code, ties to even; values past the largest code become infinite, NaN stays NaN.
    public static short encode(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
