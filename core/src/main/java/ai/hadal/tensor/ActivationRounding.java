package ai.hadal.tensor;

/// The rounding of activations to block-scaled FP8 and FP4 that the model was trained with: every group of
/// consecutive channels is divided by a power of two, rounded to the format's grid and multiplied back, in place. A
/// last group may be shorter. A group that holds NaN or an infinity becomes NaN throughout, as a scale can't be
/// found.
///
/// Source: DeepSeek-V4 architecture, number formats ("activation quantisation").
public final class ActivationRounding {

    private static final float FP8_FLOOR = 1e-4f;
    private static final float FP8_INVERSE_MAX = 1f / E4m3.MAX;
    private static final float FP4_FLOOR = E2m1.MAX * 0x1p-126f;
    private static final float FP4_INVERSE_MAX = 1f / E2m1.MAX;

    private ActivationRounding() {}

    /// Rounds `x[offset .. offset + n)` to E4M3 in groups of `group` channels (64 for key-value entries, 128 for
    /// inputs of linear layers).
    public static void fp8(float[] x, int offset, int n, int group) {
        for (int start = offset, end = offset + n; start < end; start += group) {
            int stop = Math.min(start + group, end);
            float scale = fp8Scale(amax(x, start, stop));
            for (int i = start; i < stop; i++) {
                x[i] = E4m3.decode(E4m3.encode(x[i] / scale)) * scale;
            }
        }
    }

    /// Rounds `x[offset .. offset + n)` to E2M1 in groups of 32 channels.
    public static void fp4(float[] x, int offset, int n) {
        for (int start = offset, end = offset + n; start < end; start += 32) {
            int stop = Math.min(start + 32, end);
            float scale = fp4Scale(amax(x, start, stop));
            for (int i = start; i < stop; i++) {
                x[i] = E2m1.decode(E2m1.encode(x[i] / scale)) * scale;
            }
        }
    }

    /// The power-of-two FP8 scale of a group whose largest magnitude is `amax`: 2^ceil(log2(max(amax, 1e-4) / 448)).
    public static float fp8Scale(float amax) {
        return powerOfTwoCeil(Math.max(amax, FP8_FLOOR) * FP8_INVERSE_MAX);
    }

    /// The power-of-two FP4 scale of a group whose largest magnitude is `amax`: 2^ceil(log2(max(amax, 6*2^-126) /
    /// 6)).
    public static float fp4Scale(float amax) {
        return powerOfTwoCeil(Math.max(amax, FP4_FLOOR) * FP4_INVERSE_MAX);
    }

    /// The smallest power of two that is not below a positive, normal `value`, read off its exponent; NaN for what
    /// isn't finite.
    private static float powerOfTwoCeil(float value) {
        if (!(value <= Float.MAX_VALUE)) {
            return Float.NaN;
        }
        int bits = Float.floatToRawIntBits(value);
        int exponent = (bits & 0x7fffff) == 0 ? bits >>> 23 : (bits >>> 23) + 1;
        return Float.intBitsToFloat(exponent << 23);
    }

    /// The largest magnitude in `x[start .. stop)`; NaN if there is one.
    public static float amax(float[] x, int start, int stop) {
        float amax = 0f;
        for (int i = start; i < stop; i++) {
            amax = Math.max(amax, Math.abs(x[i]));
        }
        return amax;
    }
}
