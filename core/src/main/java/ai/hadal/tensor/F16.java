package ai.hadal.tensor;

/// IEEE 754 half precision.
public final class F16 {

    private F16() {}

    /// The exact value of a code.
    public static float decode(short code) {
        return Float.float16ToFloat(code);
    }

    /// The nearest code, ties to even; values past 65504 become infinite.
    public static short encode(float value) {
        return Float.floatToFloat16(value);
    }
}
