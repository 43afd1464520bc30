package ai.hadal.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.Numbers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The iteration brings singular values near 1 and keeps what they belong to.
class NewtonSchulzTest {

    private static final int AT = 3;

    private static float[] orthogonal(float[] matrix, int rows, int cols) {
        float[] x = new float[AT + matrix.length + AT];
        System.arraycopy(matrix, 0, x, AT, matrix.length);
        new NewtonSchulz().orthogonalise(x, AT, rows, cols);
        return Arrays.copyOfRange(x, AT, AT + matrix.length);
    }

    @ParameterizedTest
    @CsvSource({"16, 64, 1", "64, 16, 1e-4", "24, 23, 1e3", "7, 30, 1", "1, 20, 1", "20, 1, 1e-20"})
    void singularValuesOfARandomMatrixComeNearOne(int rows, int cols, double size) {
        float[] x = orthogonal(new Numbers(rows).floats(rows * cols, 0, size), rows, cols);
        double[] squares = SingularValues.squares(x, rows, cols);
        assertThat(squares).hasSize(Math.min(rows, cols));
        for (double square : squares) {
            assertThat(Math.sqrt(square)).isBetween(0.7, 1.2);
        }
    }

    /// A polynomial in the Gram matrix does not turn the singular vectors: of two orthogonal directions of very
    /// different strength both come out, with their signs.
    @Test
    void directionsStay() {
        float[] x = {0.1f, 0, 0, 0, -3, 0};
        float[] y = orthogonal(x, 2, 3);
        assertThat((double) y[0]).isCloseTo(1, within(0.2));
        assertThat((double) y[4]).isCloseTo(-1, within(0.2));
        assertThat(new float[] {y[1], y[2], y[3], y[5]}).containsOnly(0f);
    }

    @ParameterizedTest
    @CsvSource({"5, 9", "9, 5"})
    void theTransposeGivesTheTranspose(int rows, int cols) {
        float[] x = new Numbers(3).floats(rows * cols, 0, 1);
        assertThat(transposed(orthogonal(transposed(x, rows, cols), cols, rows), cols, rows))
                .containsExactly(orthogonal(x, rows, cols), within(1e-4f));
    }

    private static float[] transposed(float[] x, int rows, int cols) {
        float[] t = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            t[i % cols * rows + i / cols] = x[i];
        }
        return t;
    }

    @Test
    void zerosStay() {
        assertThat(orthogonal(new float[12], 3, 4)).containsOnly(0f);
    }

    /// A worker meets matrices of all shapes, one after the other.
    @Test
    void whatCameBeforeLeavesNothing() {
        float[] x = new Numbers(4).floats(24, 0, 1);
        float[] fresh = x.clone();
        new NewtonSchulz().orthogonalise(fresh, 0, 4, 6);
        var used = new NewtonSchulz();
        used.orthogonalise(new Numbers(5).floats(200, 0, 1), 0, 20, 10);
        used.orthogonalise(x, 0, 4, 6);
        assertThat(x).containsExactly(fresh);
    }
}
