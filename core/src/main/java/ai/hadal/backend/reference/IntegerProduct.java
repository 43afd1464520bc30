package ai.hadal.backend.reference;

import ai.hadal.tensor.Int8;
import ai.hadal.tensor.IntegerRows;
import ai.hadal.tensor.Weight;

/// Products of stored rows with vectors as 8-bit integers, see [ai.hadal.backend.Backend].
final class IntegerProduct {

    /// Elements of half a group, which share a minimum.
    private static final int HALF = Int8.GROUP / 2;

    private final float[][] codes;
    private final float[][] scales;
    private final float[] integers;
    private final float[] weightScales;
    private final int[] minima;
    private final float[] minimumScales;
    private boolean hasMinima;

    /// @param x one vector or more, all of one length
    IntegerProduct(float[][] x) {
        int n = x[0].length;
        codes = new float[x.length][n];
        scales = new float[x.length][n / Int8.GROUP];
        integers = new float[n];
        weightScales = new float[n / Int8.GROUP];
        minima = new int[n / HALF];
        minimumScales = new float[n / Int8.GROUP];
        for (int t = 0; t < x.length; t++) {
            Int8.encode(x[t], 0, n, codes[t], 0, scales[t], 0);
        }
    }

    /// Takes a row of a weight.
    void row(Weight w, int row) {
        IntegerRows.decode(w, row, integers, 0, weightScales, 0);
        hasMinima = IntegerRows.hasMinima(w.format());
        for (int g = 0; hasMinima && g < weightScales.length; g++) {
            minima[2 * g] = IntegerRows.minimum(w, row, 2 * g);
            minima[2 * g + 1] = IntegerRows.minimum(w, row, 2 * g + 1);
            minimumScales[g] = IntegerRows.minimumScale(w, row, g);
        }
    }

    /// The row times vector t.
    float with(int t) {
        float[] sums = new float[4];
        for (int g = 0; g < weightScales.length; g++) {
            int dot = 0;
            for (int k = g * Int8.GROUP; k < (g + 1) * Int8.GROUP; k++) {
                dot += (int) (integers[k] * codes[t][k]);
            }
            sums[g % 4] = Math.fma(dot, weightScales[g] * scales[t][g], sums[g % 4]);
            if (hasMinima) {
                int taken = 0;
                for (int k = g * Int8.GROUP; k < (g + 1) * Int8.GROUP; k++) {
                    taken += minima[k / HALF] * (int) codes[t][k];
                }
                sums[g % 4] = Math.fma(-taken, minimumScales[g] * scales[t][g], sums[g % 4]);
            }
        }
        return (sums[0] + sums[2]) + (sums[1] + sums[3]);
    }
}
