package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Ranges, ticks and labels.
class AxisTest {

    @Test
    void aNarrowRangeIsLinearBetweenRoundNumbers() {
        var axis = Axis.around(1.03, 2.91, Double.NaN);
        assertThat(axis).isEqualTo(new Axis(1, 3, false));
        assertThat(labels(axis)).containsExactly("1.0", "1.5", "2.0", "2.5", "3.0");
        assertThat(axis.position(2)).isEqualTo(0.5);
    }

    @Test
    void aWideRangeIsByRatios() {
        var axis = Axis.around(0.09, 7);
        assertThat(axis.logarithmic()).isTrue();
        assertThat(labels(axis)).containsExactly("0.1", "0.2", "0.5", "1", "2", "5");
        assertThat(axis.position(0)).isNaN();
    }

    @Test
    void labelsShareTheUnitOfTheAxis() {
        assertThat(labels(Axis.exact(0, 8_192_000))).containsExactly("0", "2 M", "4 M", "6 M", "8 M");
        assertThat(labels(Axis.fromZero(9300))).containsExactly("0", "2,000", "4,000", "6,000", "8,000", "10,000");
        assertThat(labels(Axis.fromZero(3e-4)))
                .containsExactly("0", "0.5e-4", "1.0e-4", "1.5e-4", "2.0e-4", "2.5e-4", "3.0e-4");
    }

    @Test
    void dataWithoutARangeHasAnAxisAllTheSame() {
        assertThat(Axis.around(Double.NaN)).isEqualTo(new Axis(0, 1, false));
        assertThat(Axis.fromZero()).isEqualTo(new Axis(0, 1, false));
        assertThat(Axis.around(3, 3).position(3)).isCloseTo(0.5, within(1e-9));
        assertThat(Axis.around(1e-7, 1e9).ticks()).hasSizeBetween(3, 8);
    }

    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(axis::label).toList();
    }
}
