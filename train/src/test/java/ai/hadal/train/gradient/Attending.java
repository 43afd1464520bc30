package ai.hadal.train.gradient;

import ai.hadal.train.check.DoubleAttention;
import ai.hadal.train.check.Numbers;
import ai.hadal.train.gradient.AttentionGradient.Chosen;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Attention of one sequence at a random point.
///
/// @param selected per position the entries it attends to
/// @param x queries, key-values, sinks and entries
/// @param dOut the gradient of the result
record Attending(
        int heads, int width, int window, int ratio, boolean sparse, int[][] selected, double[][] x, double[] dOut) {

    /// @param sparse leave out every third of the entries
    static Attending of(int heads, int width, int window, int ratio, int length, boolean sparse) {
        var numbers = new Numbers(heads * 31L + width * 7L + length);
        int[][] selected = DoubleAttention.visible(length, ratio);
        if (sparse) {
            selected = Arrays.stream(selected)
                    .map(row -> Arrays.stream(row).filter(e -> e % 3 != 1).toArray())
                    .toArray(int[][]::new);
        }
        double[][] x = {
            numbers.doubles(length * heads * width, 0, 1),
            numbers.doubles(length * width, 0, 1),
            numbers.doubles(heads, 0, 1),
            numbers.doubles(ratio == 0 ? 0 : length / ratio * width, 0, 1)
        };
        return new Attending(
                heads, width, window, ratio, sparse, selected, x, numbers.doubles(length * heads * width, 0, 1));
    }

    int length() {
        return selected.length;
    }

    DoubleAttention.Result attend(double[][] x) {
        return new DoubleAttention(heads, width, window).attend(x[0], x[1], x[3], selected, x[2]);
    }

    /// Gradients of the inputs.
    float[][] gradients(@Nullable IndexerGradient indexer) {
        int wide = heads * width;
        float[] dQ = Shifted.gradient(x[0], wide);
        float[] dKv = Shifted.gradient(x[1], width);
        float[] dEntries = new float[x[3].length];
        float[] dSink = new float[1 + heads];
        new AttentionGradient(heads, width, (float) (1 / Math.sqrt(width)), window, ratio)
                .sequence(
                        Shifted.ROW,
                        length(),
                        Shifted.in(x[0], wide),
                        Shifted.in(x[1], width),
                        Numbers.narrowed(x[3]),
                        sparse ? chosen() : null,
                        indexer,
                        Numbers.narrowed(x[2]),
                        Shifted.in(attend(x).out(), wide),
                        Shifted.in(dOut, wide),
                        dQ,
                        dKv,
                        dEntries,
                        dSink,
                        1);
        return new float[][] {
            Shifted.out(dQ, wide), Shifted.out(dKv, width), Arrays.copyOfRange(dSink, 1, 1 + heads), dEntries
        };
    }

    private Chosen chosen() {
        return new Chosen() {
            @Override
            public int count(int position) {
                return selected[position].length;
            }

            @Override
            public int index(int position, int i) {
                return selected[position][i];
            }
        };
    }

    /// The result times its gradient.
    double objective(double[][] x) {
        double[] out = attend(x).out();
        return IntStream.range(0, out.length).mapToDouble(i -> out[i] * dOut[i]).sum();
    }
}
