package ai.hadal.tensor;

/// FP4 E2M1: the magnitudes 0, 0.5, 1, 1.5, 2, 3, 4 and 6 (codes 0 to 7) and a sign in bit 3; code 8 is -0. It has
/// neither infinities nor NaN.
///
/// Source: DeepSeek-V4 architecture, number formats; OCP microscaling formats specification 1.0.
public final class E2m1 {

    /// The largest value.
    public static final float MAX = 6f;

    private static final float[] VALUES = {
        0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f, -0f, -0.5f, -1f, -1.5f, -2f, -3f, -4f, -6f
    };

    private E2m1() {}

    /// The value of the low four bits of a code.
    public static float decode(int code) {
        return VALUES[code & 15];
    }

    /// The nearest code, ties to the even code (0.75 and 1.25 both give 1), saturating at ±6. NaN has no code and
    /// gives the saturated one.
    public static int encode(float value) {
        int sign = (Float.floatToRawIntBits(value) >>> 28) & 8;
        float a = Math.abs(value);
        int code;
        if (a <= 0.25f) {
            code = 0;
        } else if (a < 0.75f) {
            code = 1;
        } else if (a <= 1.25f) {
            code = 2;
        } else if (a < 1.75f) {
            code = 3;
        } else if (a <= 2.5f) {
            code = 4;
        } else if (a < 3.5f) {
            code = 5;
        } else if (a <= 5f) {
            code = 6;
        } else {
            code = 7;
        }
        return sign | code;
    }
}
