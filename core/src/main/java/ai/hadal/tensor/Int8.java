package ai.hadal.tensor;

/// Activations as 8-bit integers in groups of 32 consecutive channels: `d = amax / 127`, and each code is the integer
/// nearest to `x * (127 / amax)`, ties to even. A group whose largest magnitude is below [#SMALLEST] is all zero; one
/// that holds NaN or an infinity has the scale NaN, and zeros as codes.
public final class Int8 {

    /// Channels that share a scale.
    public static final int GROUP = 32;

    /// The largest code; the smallest is its negative.
    public static final int LARGEST = 127;

    /// Below it, 127 / amax could overflow.
    public static final float SMALLEST = 0x1p-120f;

    /// 1.5 * 2^23: adding it rounds a small float to an integer.
    public static final float ROUND = 12582912f;

    private Int8() {}

    /// Bytes of what [#encode] makes of `n` channels, whole groups: a float for each of them and one for each group.
    public static long bytes(long n) {
        return (n + n / GROUP) * Float.BYTES;
    }

    /// Encodes `n` channels, whole groups, from `x[offset]` on.
    ///
    /// @param codes takes the integers, as floats
    /// @param scales takes a scale for each group
    public static void encode(float[] x, int offset, int n, float[] codes, int codesAt, float[] scales, int scalesAt) {
        for (int g = 0; g < n / GROUP; g++) {
            int from = offset + g * GROUP;
            float amax = 0f;
            for (int i = from; i < from + GROUP; i++) {
                amax = Math.max(amax, Math.abs(x[i]));
            }
            scales[scalesAt + g] = scale(amax);
            float factor = factor(amax);
            for (int i = 0; i < GROUP; i++) {
                float code = factor == 0f ? 0f : (x[from + i] * factor + ROUND) - ROUND;
                codes[codesAt + g * GROUP + i] = code;
            }
        }
    }

    /// The scale of a group whose largest magnitude is `amax`.
    public static float scale(float amax) {
        if (!(amax <= Float.MAX_VALUE)) {
            return Float.NaN;
        }
        return amax < SMALLEST ? 0f : amax / LARGEST;
    }

    /// What its values are multiplied with before they are rounded; 0 where all codes are 0.
    public static float factor(float amax) {
        return amax >= SMALLEST && amax <= Float.MAX_VALUE ? LARGEST / amax : 0f;
    }
}
