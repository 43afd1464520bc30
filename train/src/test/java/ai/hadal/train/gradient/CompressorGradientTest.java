package ai.hadal.train.gradient;

import static ai.hadal.train.check.OpCases.EPS;
import static ai.hadal.train.check.OpCases.ROPE;

import ai.hadal.backend.CompressorShape;
import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.train.check.DoubleCompressor;
import ai.hadal.train.check.GradientCheck;
import ai.hadal.train.check.Numbers;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients of compressors are those of their definition; what a text's end leaves incomplete counts for nothing.
class CompressorGradientTest {

    @ParameterizedTest
    @CsvSource({
        // ratio, width, length, finish
        "4, 16, 11, NONE",
        "4, 16, 16, FP8",
        "4, 20, 23, NONE",
        "4, 8, 19, HADAMARD",
        "4, 32, 10, HADAMARD_FP4",
        "4, 16, 3, NONE",
        "128, 16, 260, NONE",
        "128, 20, 128, FP8"
    })
    void areThoseOfTheDefinition(int ratio, int width, int length, Finish finish) {
        var numbers = new Numbers(ratio + 31L * width + length);
        int channels = ratio == 4 ? 2 * width : width;
        double[][] x = {
            numbers.doubles(length * channels, 0, 1),
            numbers.doubles(length * channels, 0, 1),
            numbers.doubles(ratio * channels, 0, 0.5),
            numbers.doubles(width, 1, 0.2)
        };
        double[] weights = numbers.doubles(length / ratio * width, 0, 1);
        boolean hadamard = finish == Finish.HADAMARD || finish == Finish.HADAMARD_FP4;
        Function<double[][], Double> objective = in -> {
            double[] entries = new DoubleCompressor(ratio, in[2], in[3], EPS, ROPE, hadamard).entries(in[0], in[1]);
            double sum = 0;
            for (int i = 0; i < entries.length; i++) {
                sum += entries[i] * weights[i];
            }
            return sum;
        };

        float[] dValues = Shifted.gradient(x[0], channels);
        float[] dGates = Shifted.gradient(x[1], channels);
        int dApe = 5;
        int dNorm = dApe + x[2].length;
        float[] gradients = new float[dNorm + width];
        CompressorGradient.sequence(
                new CompressorShape(
                        ratio,
                        width,
                        Numbers.narrowed(x[2]),
                        Numbers.narrowed(x[3]),
                        (float) EPS,
                        2 * ROPE.pairs(),
                        ROPE,
                        finish),
                Shifted.ROW,
                length,
                Shifted.in(x[0], channels),
                Shifted.in(withTable(x[1], x[2]), channels),
                Numbers.narrowed(weights),
                dValues,
                dGates,
                gradients,
                dApe,
                dNorm);
        GradientCheck.check(
                "compressor " + ratio + " x " + width,
                x,
                objective,
                new float[][] {
                    Shifted.out(dValues, channels),
                    Shifted.out(dGates, channels),
                    Arrays.copyOfRange(gradients, dApe, dNorm),
                    Arrays.copyOfRange(gradients, dNorm, gradients.length)
                },
                2e-5);
    }

    /// The engine leaves the positional table in the gates.
    private static double[] withTable(double[] gates, double[] ape) {
        double[] sum = gates.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += ape[i % ape.length];
        }
        return sum;
    }
}
