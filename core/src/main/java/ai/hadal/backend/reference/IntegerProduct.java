package ai.hadal.backend.reference;

import ai.hadal.tensor.Int8;
import ai.hadal.tensor.IntegerRows;
import ai.hadal.tensor.Weight;

/// Products of stored rows with one vector as 8-bit integers, see [ai.hadal.backend.Backend].
final class IntegerProduct {

    private final float[] codes;
    private final float[] scales;

    IntegerProduct(float[] x) {
        codes = new float[x.length];
        scales = new float[x.length / Int8.GROUP];
        Int8.encode(x, 0, x.length, codes, 0, scales, 0);
    }

    float with(Weight w, int row) {
        float[] integers = new float[codes.length];
        float[] weightScales = new float[scales.length];
        IntegerRows.decode(w, row, integers, 0, weightScales, 0);
        float[] sums = new float[4];
        for (int g = 0; g < scales.length; g++) {
            int dot = 0;
            for (int k = g * Int8.GROUP; k < (g + 1) * Int8.GROUP; k++) {
                dot += (int) (integers[k] * codes[k]);
            }
            sums[g % 4] = Math.fma(dot, weightScales[g] * scales[g], sums[g % 4]);
        }
        return (sums[0] + sums[2]) + (sums[1] + sums[3]);
    }
}
