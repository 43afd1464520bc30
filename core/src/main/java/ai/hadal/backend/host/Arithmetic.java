package ai.hadal.backend.host;

/// The fixed arithmetic of every host backend, in scalar form (see [ai.hadal.backend.Backend] for the contract).
///
/// ### Implementation note
/// `exp` reduces its argument by multiples of ln 2, split in two floats so that the reduction is exact to about
/// 2^-30, rounds to the nearest multiple by adding and subtracting 1.5 * 2^23, and evaluates the Taylor polynomial
/// of degree 7 on [-0.347, 0.347], whose truncation error is 5e-9. Each step is one float operation or one fused
/// multiply-add, so a vector twin that does the same steps gives the same bits in every lane.
public final class Arithmetic {

    /// Lanes of a reduction.
    public static final int LANES = 16;

    public static final float LOG2E = 1.44269504f;
    public static final float LN2_HIGH = 0.693359375f;
    public static final float LN2_LOW = -2.12194440e-4f;
    /// 1.5 * 2^23: adding it rounds a small float to an integer, kept in the low mantissa bits.
    public static final float ROUND = 12582912f;

    public static final float EXP_LOWEST = -87f;
    public static final float EXP_HIGHEST = 88f;
    public static final float C2 = 0.5f;
    public static final float C3 = 1f / 6;
    public static final float C4 = 1f / 24;
    public static final float C5 = 1f / 120;
    public static final float C6 = 1f / 720;
    public static final float C7 = 1f / 5040;

    private Arithmetic() {}

    /// The 16-lane dot product of `a[ao .. ao+n-1]` and `b[bo .. bo+n-1]`.
    public static float dot(float[] a, int ao, float[] b, int bo, int n) {
        float[] lanes = new float[LANES];
        int k = 0;
        for (; k + LANES <= n; k += LANES) {
            for (int l = 0; l < LANES; l++) {
                lanes[l] = Math.fma(a[ao + k + l], b[bo + k + l], lanes[l]);
            }
        }
        if (k < n) {
            for (int l = 0; l < LANES; l++) {
                boolean present = k + l < n;
                lanes[l] = Math.fma(present ? a[ao + k + l] : 0f, present ? b[bo + k + l] : 0f, lanes[l]);
            }
        }
        return addLanes(lanes, 0);
    }

    /// Adds 16 lanes pairwise: i with i+8, then +4, +2, +1.
    public static float addLanes(float[] lanes, int offset) {
        float s0 = lanes[offset] + lanes[offset + 8];
        float s1 = lanes[offset + 1] + lanes[offset + 9];
        float s2 = lanes[offset + 2] + lanes[offset + 10];
        float s3 = lanes[offset + 3] + lanes[offset + 11];
        float s4 = lanes[offset + 4] + lanes[offset + 12];
        float s5 = lanes[offset + 5] + lanes[offset + 13];
        float s6 = lanes[offset + 6] + lanes[offset + 14];
        float s7 = lanes[offset + 7] + lanes[offset + 15];
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    /// Adds `a[0 .. n-1]` in 16 lanes.
    public static float sum(float[] a, int offset, int n) {
        float[] lanes = new float[LANES];
        for (int i = 0; i < n; i++) {
            lanes[i & (LANES - 1)] += a[offset + i];
        }
        return addLanes(lanes, 0);
    }

    /// e^x to about one unit in the last place; +0 below -87, e^88 above 88, NaN for NaN.
    public static float exp(float x) {
        if (x < EXP_LOWEST) {
            return 0f;
        }
        float c = Math.min(x, EXP_HIGHEST);
        float shifted = Math.fma(c, LOG2E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_HIGH, c);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(C7, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        int exponent = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUND);
        return p * Float.intBitsToFloat((exponent + 127) << 23);
    }

    /// 1 / (1 + e^-x).
    public static float sigmoid(float x) {
        return 1f / (1f + exp(-x));
    }

    /// x * sigmoid(x), as one division.
    public static float silu(float x) {
        return x / (1f + exp(-x));
    }

    /// ln(1 + e^x) with full relative accuracy on both sides: `max(x, 0) + 2 atanh(u / (2 + u))`, `u = e^-|x|`.
    public static float softplus(float x) {
        float u = exp(-Math.abs(x));
        float s = u / (2f + u);
        float s2 = s * s;
        float p = Math.fma(1f / 17, s2, 1f / 15);
        p = Math.fma(p, s2, 1f / 13);
        p = Math.fma(p, s2, 1f / 11);
        p = Math.fma(p, s2, 1f / 9);
        p = Math.fma(p, s2, 1f / 7);
        p = Math.fma(p, s2, 1f / 5);
        p = Math.fma(p, s2, 1f / 3);
        p = Math.fma(p, s2, 1f);
        return Math.max(x, 0f) + 2f * s * p;
    }

    /// The hidden activation of an expert: `(silu(min(gate, limit)) * clamp(up, -limit, limit)) * weight`; a limit
    /// of 0 clamps nothing.
    public static float swiglu(float gate, float up, float limit, float weight) {
        if (limit > 0) {
            gate = Math.min(gate, limit);
            up = Math.max(Math.min(up, limit), -limit);
        }
        return silu(gate) * up * weight;
    }

    /// `1 / sqrt(square / n + eps)`, the factor of a norm over n elements with this sum of squares.
    public static float inverseRms(float square, int n, float eps) {
        return 1f / (float) Math.sqrt(square / n + eps);
    }
}
