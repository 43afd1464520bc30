package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.backend.host.Arithmetic;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The vector twin of [Arithmetic#exp]: the same steps in every lane.
final class Exponential {

    private Exponential() {}

    /// `a[i] = exp(a[i] - shift)`.
    static void shifted(float[] a, int offset, int n, float shift) {
        int i = 0;
        for (; i + L <= n; i += L) {
            exp(FloatVector.fromArray(F, a, offset + i).sub(shift)).intoArray(a, offset + i);
        }
        for (; i < n; i++) {
            a[offset + i] = Arithmetic.exp(a[offset + i] - shift);
        }
    }

    /// `gate[i] = swiglu(gate[i], up[i])`, see [Arithmetic#swiglu].
    static void swiglu(float[] gate, float[] up, int offset, int n, float limit, float weight) {
        int i = 0;
        for (; i + L <= n; i += L) {
            var g = FloatVector.fromArray(F, gate, offset + i);
            var u = FloatVector.fromArray(F, up, offset + i);
            if (limit > 0) {
                g = g.min(limit);
                u = u.min(limit).max(-limit);
            }
            var silu = g.div(exp(g.neg()).add(1f));
            silu.mul(u).mul(weight).intoArray(gate, offset + i);
        }
        for (; i < n; i++) {
            gate[offset + i] = Arithmetic.swiglu(gate[offset + i], up[offset + i], limit, weight);
        }
    }

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
        var low = x.compare(VectorOperators.LT, Arithmetic.EXP_LOWEST);
        return p.mul(power).blend(0f, low);
    }
}
