package ai.hadal.tensor;

/// UE8M0, the scale of the block formats: one byte `e` of value 2^(e-127); 255 is NaN. Byte 0 is the denormal
/// 2^-127.
///
/// Source: DeepSeek-V4 architecture, number formats; OCP microscaling formats specification 1.0.
public final class E8m0 {

    /// The one code that is no number.
    public static final int NAN = 255;

    private E8m0() {}

    /// The exact value of a code.
    public static float decode(byte code) {
        int e = code & 0xff;
        if (e == NAN) {
            return Float.NaN;
        }
        return e == 0 ? 0x1p-127f : Float.intBitsToFloat(e << 23);
    }

    /// The code of the smallest power of two that is not below `value`, which must be finite and not negative;
    /// values under 2^-127 give code 0, and those above 2^127 code 254.
    public static byte encodeCeil(float value) {
        if (!(value >= 0f && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("no UE8M0 scale for " + value);
        }
        int bits = Float.floatToRawIntBits(value);
        int exponent = bits >>> 23;
        int mantissa = bits & 0x7fffff;
        if (exponent == 0) {
            // Denormals reach up to, but not including, 2^-126; half of it is code 0.
            return (byte) (mantissa > 0x400000 ? 1 : 0);
        }
        return (byte) Math.min(254, mantissa == 0 ? exponent : exponent + 1);
    }
}
