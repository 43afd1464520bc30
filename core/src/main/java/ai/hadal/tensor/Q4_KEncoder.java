package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Finds the numbers of a `Q4_K` block. Each sub-block of 32 gets the scale and the minimum of least squared error:
/// several parts of its range are tried as the range of the 16 levels; for each, the values are given levels and the
/// line through them is solved for, twice. The eight results are then rounded to six bits, each in the direction that
/// serves its sub-block best.
///
/// Large values count more: the error of an element weighs the sub-block's mean square plus the element's own square.
final class Q4_KEncoder {

    private static final int SUB = 32;
    private static final int SUBS = 8;
    private static final int TOP_LEVEL = 15;
    private static final int TOP_CODE = 63;

    /// Widths of the range of levels, in parts of the values' range. Those above 1 find the blocks again that an
    /// earlier encoding left some levels of unused.
    private static final double[] RANGES = {1, 15.0 / 14, 15.0 / 13, 0.96, 0.92, 0.87, 0.81, 0.74};

    private static final int ROUNDS = 2;

    private final float[] scales = new float[SUBS];
    private final float[] mins = new float[SUBS];

    // Of the sub-block at hand: values, weights and their sums.
    private final double[] v = new double[SUB];
    private final double[] w = new double[SUB];
    private double sumW;
    private double sumWx;
    private double sumWxx;

    // Sums over the levels of the last [#assign].
    private double sumWq;
    private double sumWqq;
    private double sumWqx;

    private Q4_KEncoder() {}

    /// Encodes 256 finite floats.
    static void encode(float[] x, int xOffset, MemorySegment data, long offset) {
        new Q4_KEncoder().block(x, xOffset, data, offset);
    }

    private void block(float[] x, int xOffset, MemorySegment data, long offset) {
        int widest = 0;
        int deepest = 0;
        for (int sub = 0; sub < SUBS; sub++) {
            load(x, xOffset + SUB * sub);
            fit(sub);
            widest = scales[sub] > scales[widest] ? sub : widest;
            deepest = mins[sub] > mins[deepest] ? sub : deepest;
        }
        short dCode = F16.encode(scales[widest] / TOP_CODE);
        short minCode = F16.encode(mins[deepest] / TOP_CODE);
        float d = F16.decode(dCode);
        float dmin = F16.decode(minCode);
        data.set(Little.SHORT, offset, dCode);
        data.set(Little.SHORT, offset + 2, minCode);
        data.asSlice(offset + 4, 140).fill((byte) 0);
        for (int sub = 0; sub < SUBS; sub++) {
            load(x, xOffset + SUB * sub);
            // The largest keep the largest code, so that encoding what was decoded finds the same d and dmin.
            int lowScale = sub == widest ? TOP_CODE : floor(scales[sub], d);
            int lowMin = sub == deepest ? TOP_CODE : floor(mins[sub], dmin);
            int bestScale = lowScale;
            int bestMin = lowMin;
            double best = Double.POSITIVE_INFINITY;
            for (int scale = lowScale; scale <= Math.min(TOP_CODE, lowScale + 1); scale++) {
                for (int min = lowMin; min <= Math.min(TOP_CODE, lowMin + 1); min++) {
                    assign(d * scale, dmin * min);
                    double error = error(d * scale, dmin * min);
                    if (error < best) {
                        best = error;
                        bestScale = scale;
                        bestMin = min;
                    }
                }
            }
            pack(data, offset + 4, sub, bestScale, bestMin);
            packLevels(data, offset + 16 + 32L * (sub / 2), 4 * (sub & 1), d * bestScale, dmin * bestMin);
        }
    }

    private static int floor(float value, float unit) {
        return unit == 0f ? 0 : Math.min(TOP_CODE, (int) (value / unit));
    }

    private void load(float[] x, int at) {
        double square = 0;
        for (int i = 0; i < SUB; i++) {
            v[i] = x[at + i];
            square += v[i] * v[i];
        }
        sumW = 0;
        sumWx = 0;
        sumWxx = 0;
        for (int i = 0; i < SUB; i++) {
            w[i] = square / SUB + v[i] * v[i];
            sumW += w[i];
            sumWx += w[i] * v[i];
            sumWxx += w[i] * v[i] * v[i];
        }
    }

    private void fit(int sub) {
        double low = 0;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < SUB; i++) {
            low = Math.min(low, v[i]);
            high = Math.max(high, v[i]);
        }
        scales[sub] = 0f;
        mins[sub] = (float) -low;
        if (high <= low) {
            // All alike and not positive: the minimum alone says it.
            return;
        }
        double best = Double.POSITIVE_INFINITY;
        for (double range : RANGES) {
            double width = (high - low) * range;
            double scale = width / TOP_LEVEL;
            // Around the middle, but the lowest level can't be above zero.
            double min = Math.max(0, (width - low - high) / 2);
            for (int round = 0; round < ROUNDS; round++) {
                assign(scale, min);
                double determinant = sumW * sumWqq - sumWq * sumWq;
                double slope = (sumW * sumWqx - sumWq * sumWx) / determinant;
                double depth = (slope * sumWq - sumWx) / sumW;
                if (determinant > 0 && slope > 0 && depth >= 0) {
                    scale = slope;
                    min = depth;
                } else if (sumWqq > 0 && sumWqx > 0) {
                    // Through zero.
                    scale = sumWqx / sumWqq;
                    min = 0;
                }
                double error = error(scale, min);
                if (error < best) {
                    best = error;
                    scales[sub] = (float) scale;
                    mins[sub] = (float) min;
                }
            }
        }
    }

    /// Gives every value its nearest level and sums up.
    private void assign(double scale, double min) {
        double inverse = scale == 0 ? 0 : 1 / scale;
        double wq = 0;
        double wqq = 0;
        double wqx = 0;
        for (int i = 0; i < SUB; i++) {
            int q = level(v[i], min, inverse);
            double weighted = w[i] * q;
            wq += weighted;
            wqq += weighted * q;
            wqx += weighted * v[i];
        }
        sumWq = wq;
        sumWqq = wqq;
        sumWqx = wqx;
    }

    private static int level(double value, double min, double inverse) {
        return (int) Math.clamp((value + min) * inverse + 0.5, 0, TOP_LEVEL + 0.5);
    }

    /// The weighted squared error of the levels of the last [#assign], were they read with this scale and minimum.
    private double error(double scale, double min) {
        return sumWxx
                + scale * (scale * sumWqq - 2 * sumWqx)
                + min * (min * sumW + 2 * sumWx)
                - 2 * scale * min * sumWq;
    }

    /// The reverse of [Q4_K#scale] and [Q4_K#min].
    private static void pack(MemorySegment data, long at, int sub, int scale, int min) {
        if (sub < 4) {
            or(data, at + sub, scale);
            or(data, at + sub + 4, min);
        } else {
            or(data, at + sub + 4, (scale & 15) | (min & 15) << 4);
            or(data, at + sub - 4, scale >> 4 << 6);
            or(data, at + sub, min >> 4 << 6);
        }
    }

    private void packLevels(MemorySegment data, long at, int shift, double scale, double min) {
        double inverse = scale == 0 ? 0 : 1 / scale;
        for (int i = 0; i < SUB; i++) {
            or(data, at + i, level(v[i], min, inverse) << shift);
        }
    }

    private static void or(MemorySegment data, long at, int bits) {
        data.set(ValueLayout.JAVA_BYTE, at, (byte) (data.get(ValueLayout.JAVA_BYTE, at) | bits));
    }
}
