package ai.hadal.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.Numbers;
import org.junit.jupiter.api.Test;

class CoordinatesTest {

    private static final int DIM = 12;

    private final float[] common = new Numbers(1).floats(DIM, 0, 1);
    private final Coordinates coordinates = coordinates();

    private Coordinates coordinates() {
        float[] random = new Numbers(2).floats(DIM * DIM, 0, 1);
        int[] at = {0};
        return new Coordinates(common, 2, () -> random[at[0]++]);
    }

    @Test
    void directionsAreOrthonormalAndTheFirstIsCommon() {
        for (int i = 0; i < DIM; i++) {
            for (int j = 0; j < DIM; j++) {
                assertThat(dot(coordinates.direction(i), coordinates.direction(j)))
                        .isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
        double along = 0;
        for (int k = 0; k < DIM; k++) {
            along += common[k] * coordinates.direction(0)[k];
        }
        assertThat(along * along).isCloseTo(dot(widened(), widened()), within(1e-9));
    }

    @Test
    void aShiftStaysInItsGroupAndComesRound() {
        assertThat(coordinates.perGroup()).isEqualTo(5);
        assertThat(coordinates.grouped()).isEqualTo(10);
        assertThat(coordinates.of(1, 0)).isEqualTo(6);
        assertThat(coordinates.before(3)).isEqualTo(2);
        assertThat(coordinates.before(1)).isEqualTo(5);
        assertThat(coordinates.before(6)).isEqualTo(10);
    }

    private double[] widened() {
        double[] wide = new double[DIM];
        for (int k = 0; k < DIM; k++) {
            wide[k] = common[k];
        }
        return wide;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
