package ai.hadal.backend.cpu;

import ai.hadal.tensor.IntegerRows;
import ai.hadal.tensor.Weight;

/// What [Int8Rows] needs for formats with minima: those of the rows in work, and the sums of half groups of the
/// vectors.
final class Int8Minima {

    private final Weight weight;
    private final int groups;
    private final float[] room;
    private final int scales;
    private final int inputSums;
    private final float[] sums = new float[4];

    /// @param xo where the `n` vectors begin in the array that x was made of
    Int8Minima(Weight weight, Int8Input x, int[] xo, int n, Scratch scratch) {
        this.weight = weight;
        groups = x.groups();
        scales = Dot.ROWS * 2 * groups;
        inputSums = scales + Dot.ROWS * groups;
        room = scratch.panels(inputSums + n * 2 * groups);
        for (int t = 0; t < n; t++) {
            for (int half = 0; half < 2 * groups; half++) {
                float sum = 0f;
                for (int k = 0; k < Int8Input.HALF; k++) {
                    sum += x.codes()[xo[t] + half * Int8Input.HALF + k];
                }
                room[inputSums + t * 2 * groups + half] = sum;
            }
        }
    }

    /// Takes a stored row as row `i` of those in work.
    void take(int i, int stored) {
        for (int g = 0; g < groups; g++) {
            room[i * 2 * groups + 2 * g] = IntegerRows.minimum(weight, stored, 2 * g);
            room[i * 2 * groups + 2 * g + 1] = IntegerRows.minimum(weight, stored, 2 * g + 1);
            room[scales + i * groups + g] = IntegerRows.minimumScale(weight, stored, g);
        }
    }

    /// Row i times vector t, from the dot products of its groups and their scales in `products`.
    float sum(float[] products, int dots, int weightScales, float[] inputScales, int input, int i, int t) {
        sums[0] = 0f;
        sums[1] = 0f;
        sums[2] = 0f;
        sums[3] = 0f;
        int minima = i * 2 * groups;
        int halves = inputSums + t * 2 * groups;
        for (int g = 0; g < groups; g++) {
            float scale = inputScales[input + g];
            float sum = Math.fma(products[dots + g], products[weightScales + g] * scale, sums[g % 4]);
            float low = room[minima + 2 * g] * room[halves + 2 * g];
            float high = room[minima + 2 * g + 1] * room[halves + 2 * g + 1];
            // Starts at zero, so that an integer of zero is a positive one.
            sums[g % 4] = Math.fma(0f - low - high, room[scales + i * groups + g] * scale, sum);
        }
        return (sums[0] + sums[2]) + (sums[1] + sums[3]);
    }
}
