package ai.hadal.train.gradient;

import ai.hadal.backend.host.Arithmetic;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Element-wise work on float arrays and the sums it needs. Sums run in sixteen lanes, added pairwise, like every
/// reduction of the house, so their bits do not depend on the vector width.
public final class Vectors {

    static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    static final int L = F.length();

    private Vectors() {}

    /// The dot product of `a[ao ..]` and `b[bo ..]`.
    public static float dot(float[] a, int ao, float[] b, int bo, int n) {
        if (L != Arithmetic.LANES || n % L != 0) {
            return Arithmetic.dot(a, ao, b, bo, n);
        }
        var s = FloatVector.zero(F);
        for (int i = 0; i < n; i += L) {
            s = FloatVector.fromArray(F, a, ao + i).fma(FloatVector.fromArray(F, b, bo + i), s);
        }
        return lanes(s);
    }

    /// Adds the sixteen lanes pairwise: i with i+8, then +4, +2, +1.
    private static float lanes(FloatVector s) {
        float[] lanes = new float[Arithmetic.LANES];
        s.intoArray(lanes, 0);
        return Arithmetic.addLanes(lanes, 0);
    }

    /// `y[i] += factor * x[i]`.
    public static void addScaled(float[] y, int yo, float factor, float[] x, int xo, int n) {
        int i = 0;
        var f = FloatVector.broadcast(F, factor);
        for (; i + L <= n; i += L) {
            f.fma(FloatVector.fromArray(F, x, xo + i), FloatVector.fromArray(F, y, yo + i))
                    .intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma(factor, x[xo + i], y[yo + i]);
        }
    }

    /// `y[i] += x[i]`.
    public static void add(float[] y, int yo, float[] x, int xo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] += x[xo + i];
        }
    }

    /// `a[i] = exp(a[i] * scale - shift)`.
    static void exp(float[] a, int offset, int n, float scale, float shift) {
        int i = 0;
        for (; i + L <= n; i += L) {
            exp(FloatVector.fromArray(F, a, offset + i).mul(scale).sub(shift)).intoArray(a, offset + i);
        }
        for (; i < n; i++) {
            a[offset + i] = Arithmetic.exp(a[offset + i] * scale - shift);
        }
    }

    /// The vector twin of [Arithmetic#exp].
    static FloatVector exp(FloatVector x) {
        var c = x.min(Arithmetic.EXP_HIGHEST);
        var shifted = c.fma(FloatVector.broadcast(F, Arithmetic.LOG2E), FloatVector.broadcast(F, Arithmetic.ROUND));
        var n = shifted.sub(Arithmetic.ROUND);
        var r = n.fma(FloatVector.broadcast(F, -Arithmetic.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Arithmetic.LN2_LOW), r);
        var p = FloatVector.broadcast(F, Arithmetic.C7).fma(r, FloatVector.broadcast(F, Arithmetic.C6));
        p = p.fma(r, FloatVector.broadcast(F, Arithmetic.C5));
        p = p.fma(r, FloatVector.broadcast(F, Arithmetic.C4));
        p = p.fma(r, FloatVector.broadcast(F, Arithmetic.C3));
        p = p.fma(r, FloatVector.broadcast(F, Arithmetic.C2));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        var exponent = shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(Arithmetic.ROUND));
        var power = exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return p.mul(power).blend(0f, x.compare(VectorOperators.LT, Arithmetic.EXP_LOWEST));
    }

    /// The largest of `a[offset .. offset + n)`, at least `floor`.
    static float max(float[] a, int offset, int n, float floor) {
        int i = 0;
        float max = floor;
        if (n >= L) {
            var m = FloatVector.broadcast(F, floor);
            for (; i + L <= n; i += L) {
                m = m.max(FloatVector.fromArray(F, a, offset + i));
            }
            max = m.reduceLanes(VectorOperators.MAX);
        }
        for (; i < n; i++) {
            max = Math.max(max, a[offset + i]);
        }
        return max;
    }

    /// The sum of `a[offset .. offset + n)`.
    static float sum(float[] a, int offset, int n) {
        if (L != Arithmetic.LANES || n < 2 * L) {
            return Arithmetic.sum(a, offset, n);
        }
        float[] lanes = new float[Arithmetic.LANES];
        var s = FloatVector.zero(F);
        int i = 0;
        for (; i + L <= n; i += L) {
            s = s.add(FloatVector.fromArray(F, a, offset + i));
        }
        s.intoArray(lanes, 0);
        for (int l = 0; i < n; i++, l++) {
            lanes[l] += a[offset + i];
        }
        return Arithmetic.addLanes(lanes, 0);
    }
}
