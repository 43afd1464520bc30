package ai.hadal.train.gradient;

import static ai.hadal.train.gradient.Vectors.F;
import static ai.hadal.train.gradient.Vectors.L;

import ai.hadal.backend.CompressorShape;
import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.RowMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Gradients of a compressor for one sequence from its beginning, see [ai.hadal.backend.Backend#compress]. Rounding
/// passes gradients straight through.
public final class CompressorGradient {

    private CompressorGradient() {}

    /// Adds to the gradients of value rows, gate rows, positional table and norm.
    ///
    /// @param values `[rows, row width]`, the sequence from `row` on; likewise `gates` (positional table included),
    ///     `dValues`, `dGates`
    /// @param dEntries `[length / ratio, width]`; overwritten
    /// @param dApe where the table's gradient begins in `gradients`; `dNorm` likewise
    public static void sequence(
            CompressorShape shape,
            int row,
            int length,
            float[] values,
            float[] gates,
            float[] dEntries,
            float[] dValues,
            float[] dGates,
            float[] gradients,
            int dApe,
            int dNorm) {
        int w = shape.width();
        int rowWidth = shape.rowWidth();
        int ratio = shape.ratio();
        int pairs = shape.rope().pairs();
        float[] cos = new float[pairs];
        float[] sin = new float[pairs];
        float[] pooled = new float[w];
        float[] dPooled = new float[w];
        float[] max = new float[w];
        float[] sum = new float[w];
        float[] finished = new float[w];
        for (int block = 0; block < length / ratio; block++) {
            int own = block * ratio;
            int first = shape.overlapping() && block > 0 ? own - ratio : own;
            pool(shape, row, first, own, values, gates, max, sum, pooled);

            System.arraycopy(dEntries, block * w, finished, 0, w);
            if (shape.finish() == Finish.HADAMARD || shape.finish() == Finish.HADAMARD_FP4) {
                RowMath.hadamard(finished, 0, w);
            }
            shape.rope().angles(own, cos, sin, 0);
            RowMath.rope(finished, w, cos, sin, 0, pairs, true);
            Arrays.fill(dPooled, 0f);
            NormGradient.rms(1, w, pooled, shape.norm(), shape.eps(), finished, dPooled, gradients, dNorm);

            for (int p = first; p < own + ratio; p++) {
                int half = shape.overlapping() && p >= own ? w : 0;
                int at = (row + p) * rowWidth + half;
                int ape = dApe + p % ratio * rowWidth + half;
                int c = 0;
                for (; c + L <= w; c += L) {
                    var share = Vectors.exp(
                                    FloatVector.fromArray(F, gates, at + c).sub(FloatVector.fromArray(F, max, c)))
                            .div(FloatVector.fromArray(F, sum, c));
                    var dValue = share.mul(FloatVector.fromArray(F, dPooled, c));
                    var dGate = FloatVector.fromArray(F, values, at + c)
                            .sub(FloatVector.fromArray(F, pooled, c))
                            .mul(dValue);
                    FloatVector.fromArray(F, dValues, at + c).add(dValue).intoArray(dValues, at + c);
                    FloatVector.fromArray(F, dGates, at + c).add(dGate).intoArray(dGates, at + c);
                    FloatVector.fromArray(F, gradients, ape + c).add(dGate).intoArray(gradients, ape + c);
                }
                for (; c < w; c++) {
                    float dValue = Arithmetic.exp(gates[at + c] - max[c]) / sum[c] * dPooled[c];
                    float dGate = (values[at + c] - pooled[c]) * dValue;
                    dValues[at + c] += dValue;
                    dGates[at + c] += dGate;
                    gradients[ape + c] += dGate;
                }
            }
        }
    }

    /// Maximum of the gates, sum of their exponentials and the pooled values, per channel.
    private static void pool(
            CompressorShape shape,
            int row,
            int first,
            int own,
            float[] values,
            float[] gates,
            float[] max,
            float[] sum,
            float[] pooled) {
        int w = shape.width();
        int rowWidth = shape.rowWidth();
        int c = 0;
        for (; c + L <= w; c += L) {
            var m = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
            for (int p = first; p < own + shape.ratio(); p++) {
                int half = shape.overlapping() && p >= own ? w : 0;
                m = m.max(FloatVector.fromArray(F, gates, (row + p) * rowWidth + half + c));
            }
            var total = FloatVector.zero(F);
            var weighted = FloatVector.zero(F);
            for (int p = first; p < own + shape.ratio(); p++) {
                int at = (row + p) * rowWidth + (shape.overlapping() && p >= own ? w : 0) + c;
                var e = Vectors.exp(FloatVector.fromArray(F, gates, at).sub(m));
                total = total.add(e);
                weighted = e.fma(FloatVector.fromArray(F, values, at), weighted);
            }
            m.intoArray(max, c);
            total.intoArray(sum, c);
            weighted.div(total).intoArray(pooled, c);
        }
        for (; c < w; c++) {
            float m = Float.NEGATIVE_INFINITY;
            for (int p = first; p < own + shape.ratio(); p++) {
                m = Math.max(m, gates[(row + p) * rowWidth + (shape.overlapping() && p >= own ? w : 0) + c]);
            }
            float total = 0f;
            float weighted = 0f;
            for (int p = first; p < own + shape.ratio(); p++) {
                int at = (row + p) * rowWidth + (shape.overlapping() && p >= own ? w : 0) + c;
                float e = Arithmetic.exp(gates[at] - m);
                total += e;
                weighted = Math.fma(e, values[at], weighted);
            }
            max[c] = m;
            sum[c] = total;
            pooled[c] = weighted / total;
        }
    }
}
