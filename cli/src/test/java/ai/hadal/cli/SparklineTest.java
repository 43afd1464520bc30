package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Numbers as pictures.
class SparklineTest {

    @Test
    void aBarIsAsHighAsItsShare() {
        assertThat(new char[] {Sparkline.bar(0), Sparkline.bar(0.5), Sparkline.bar(1), Sparkline.bar(7)})
                .containsExactly('▁', '▅', '█', '█');
    }

    @Test
    void aCurveFallsFromTheFirstRowToTheLast() {
        assertThat(Sparkline.curve(new double[] {3, 2, 1, 0}, 2, 1)).containsExactly("⠑⢄");
        assertThat(Sparkline.curve(new double[] {7, 6, 5, 4, 3, 2, 1, 0}, 4, 2)).containsExactly("⠑⢄⠀⠀", "⠀⠀⠑⢄");
    }

    @Test
    void aSteepCurveStaysInOnePiece() {
        assertThat(Sparkline.curve(new double[] {1, 0}, 1, 1)).containsExactly("⢱");
        assertThat(Sparkline.curve(new double[] {0, 1}, 1, 1)).containsExactly("⡸");
    }

    @Test
    void aConstantIsALineAndNothingIsNothing() {
        assertThat(Sparkline.curve(new double[] {5, 5, 5, 5}, 2, 1)).containsExactly("⠒⠒");
        assertThat(Sparkline.curve(new double[0], 5, 2)).containsExactly("", "");
    }

    @Test
    void moreValuesThanPlacesAreAveraged() {
        assertThat(Sparkline.stretches(new double[] {1, 3, 5, 7, 9}, 2)).containsExactly(2, 7);
        assertThat(Sparkline.stretches(new double[] {1, 3}, 5)).containsExactly(1, 3);
    }
}
