package ai.hadal.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.Numbers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products inside larger arrays, of sizes with and without whole tiles, are those of plain loops in double.
class GemmTest {

    private static final int MARGIN = 3;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "4, 64, 16", "5, 7, 3", "9, 83, 300", "4, 16, 256", "6, 129, 257", "3, 40, 0"})
    void addsTheProduct(int m, int n, int k) {
        var numbers = new Numbers(m * 31L + n * 7L + k);
        float[] a = numbers.floats(MARGIN + m * (k + 2), 0, 1);
        float[] across = numbers.floats(MARGIN + k * (m + 2), 0, 1);
        float[] b = numbers.floats(MARGIN + k * (n + 1), 0, 1);
        float[] c = numbers.floats(MARGIN + m * (n + 5) + MARGIN, 0, 1);
        float[] plain = c.clone();
        Gemm.add(m, n, k, a, MARGIN, k + 2, b, MARGIN, n + 1, plain, MARGIN, n + 5);
        assertSame(plain, expected(m, n, k, a, k + 2, 1, b, c), k);
        float[] transposed = c.clone();
        Gemm.addTransposed(m, n, k, across, MARGIN, m + 2, b, MARGIN, n + 1, transposed, MARGIN, n + 5);
        assertSame(transposed, expected(m, n, k, across, 1, m + 2, b, c), k);
    }

    /// Half of a symmetric product is the other half.
    @ParameterizedTest
    @CsvSource({"1, 5", "7, 300", "64, 9", "65, 9", "130, 40"})
    void symmetricProductsHaveTheBitsOfPlainOnes(int m, int k) {
        var numbers = new Numbers(m + k);
        float[] a = numbers.floats(k * m, 0, 1);
        float[] gram = new float[m * m];
        float[] plain = new float[m * m];
        Gemm.addGram(m, k, a, gram);
        Gemm.addTransposed(m, m, k, a, 0, m, a, 0, m, plain, 0, m);
        assertThat(gram).containsExactly(plain);

        float[] square = gram.clone();
        float[] plainSquare = gram.clone();
        Gemm.addSquare(m, gram, square);
        Gemm.add(m, m, m, gram, 0, m, gram, 0, m, plainSquare, 0, m);
        assertThat(square).containsExactly(plainSquare);
    }

    private static double[] expected(int m, int n, int k, float[] a, int down, int along, float[] b, float[] c) {
        double[] out = Numbers.widened(c);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    out[MARGIN + i * (n + 5) + j] +=
                            (double) a[MARGIN + i * down + l * along] * b[MARGIN + l * (n + 1) + j];
                }
            }
        }
        return out;
    }

    private static void assertSame(float[] actual, double[] expected, int k) {
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-6 * (4 + k)));
        }
    }
}
