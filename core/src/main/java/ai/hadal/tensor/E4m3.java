package ai.hadal.tensor;

/// FP8 E4M3 ("fn"): sign, four exponent bits of bias 7, three mantissa bits. The subnormal step is 2^-9, the largest
/// value 448 (0x7E); 0x7F and 0xFF are NaN and there are no infinities.
///
/// Source: DeepSeek-V4 architecture, number formats; OCP 8-bit floating point specification 1.0.
public final class E4m3 {

    /// The largest finite value.
    public static final float MAX = 448f;

    private static final float[] VALUES = values();

    private E4m3() {}

    /// The exact value of a code.
    public static float decode(byte code) {
        return VALUES[code & 0xff];
    }

    /// The nearest code, ties to the even mantissa, saturating at ±448 (infinities too); NaN keeps its sign.
    public static byte encode(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 24) & 0x80;
        float a = Math.abs(value);
        if (Float.isNaN(a)) {
            return (byte) (sign | 0x7f);
        }
        if (a >= MAX) {
            return (byte) (sign | 0x7e);
        }
        if (a < 0x1p-6f) {
            // Subnormal codes count steps of 2^-9; eight steps are the smallest normal code.
            return (byte) (sign | (int) Math.rint(a * 0x1p9f));
        }
        // Round the magnitude to three mantissa bits; a carry moves on into the exponent as it should.
        int magnitude = bits & 0x7fffffff;
        int rounded = magnitude + 0x7ffff + ((magnitude >>> 20) & 1);
        return (byte) (sign | ((rounded >>> 20) - ((127 - 7) << 3)));
    }

    private static float[] values() {
        float[] values = new float[256];
        for (int code = 0; code < 256; code++) {
            int exponent = (code >> 3) & 15;
            int mantissa = code & 7;
            float magnitude;
            if (exponent == 15 && mantissa == 7) {
                magnitude = Float.NaN;
            } else if (exponent == 0) {
                magnitude = mantissa * 0x1p-9f;
            } else {
                magnitude = Math.scalb(8 + mantissa, exponent - 7 - 3);
            }
            values[code] = code < 128 ? magnitude : -magnitude;
        }
        return values;
    }
}
