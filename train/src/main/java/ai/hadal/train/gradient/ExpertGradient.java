package ai.hadal.train.gradient;

import static ai.hadal.train.gradient.Vectors.F;
import static ai.hadal.train.gradient.Vectors.L;

import ai.hadal.backend.host.Arithmetic;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The clamped SwiGLU of experts and its gradients, see [Arithmetic#swiglu].
public final class ExpertGradient {

    private ExpertGradient() {}

    /// `hidden[i] = swiglu(gate[i], up[i])` for n elements, with the bits of [Arithmetic#swiglu].
    public static void swiglu(float[] gate, float[] up, int offset, int n, float limit, float weight, float[] hidden) {
        int i = offset;
        for (; i + L <= offset + n; i += L) {
            var g = FloatVector.fromArray(F, gate, i);
            var u = FloatVector.fromArray(F, up, i);
            if (limit > 0) {
                g = g.min(limit);
                u = u.min(limit).max(-limit);
            }
            g.div(Vectors.exp(g.neg()).add(1f)).mul(u).mul(weight).intoArray(hidden, i);
        }
        for (; i < offset + n; i++) {
            hidden[i] = Arithmetic.swiglu(gate[i], up[i], limit, weight);
        }
    }

    /// Gradients of gate and up in the place of `dGate` and `dUp`; returns that of the weight. A clamped value has
    /// the gradient zero.
    public static float swigluBack(
            float[] gate,
            float[] up,
            int offset,
            int n,
            float limit,
            float weight,
            float[] dHidden,
            float[] dGate,
            float[] dUp) {
        float[] lanes = new float[Arithmetic.LANES];
        int i = 0;
        for (; i + L <= n; i += L) {
            vector(gate, up, offset + i, limit, weight, dHidden, dGate, dUp, lanes, i & (Arithmetic.LANES - 1));
        }
        for (; i < n; i++) {
            lanes[i & (Arithmetic.LANES - 1)] += scalar(gate, up, offset + i, limit, weight, dHidden, dGate, dUp);
        }
        return Arithmetic.addLanes(lanes, 0);
    }

    private static void vector(
            float[] gate,
            float[] up,
            int at,
            float limit,
            float weight,
            float[] dHidden,
            float[] dGate,
            float[] dUp,
            float[] lanes,
            int lane) {
        var g = FloatVector.fromArray(F, gate, at);
        var u = FloatVector.fromArray(F, up, at);
        var d = FloatVector.fromArray(F, dHidden, at);
        var dg = d.mul(weight);
        var du = dg;
        if (limit > 0) {
            dg = dg.blend(0f, g.compare(VectorOperators.GE, limit));
            du = du.blend(0f, u.abs().compare(VectorOperators.GE, limit));
            g = g.min(limit);
            u = u.min(limit).max(-limit);
        }
        var sigma = FloatVector.broadcast(F, 1f).div(Vectors.exp(g.neg()).add(1f));
        var silu = g.mul(sigma);
        // silu' = sigma (1 + g (1 - sigma)) = sigma + silu (1 - sigma)
        var slope = silu.lanewise(VectorOperators.NEG).fma(sigma, silu).add(sigma);
        dg.mul(u).mul(slope).intoArray(dGate, at);
        du.mul(silu).intoArray(dUp, at);
        d.mul(silu).mul(u).add(FloatVector.fromArray(F, lanes, lane)).intoArray(lanes, lane);
    }

    private static float scalar(
            float[] gate, float[] up, int at, float limit, float weight, float[] dHidden, float[] dGate, float[] dUp) {
        boolean gateFree = limit <= 0 || gate[at] < limit;
        boolean upFree = limit <= 0 || Math.abs(up[at]) < limit;
        float g = limit > 0 ? Math.min(gate[at], limit) : gate[at];
        float u = limit > 0 ? Math.clamp(up[at], -limit, limit) : up[at];
        float sigma = Arithmetic.sigmoid(g);
        float silu = g * sigma;
        float d = dHidden[at];
        dGate[at] = gateFree ? d * weight * u * (sigma + silu * (1f - sigma)) : 0f;
        dUp[at] = upFree ? d * weight * silu : 0f;
        return d * silu * u;
    }
}
