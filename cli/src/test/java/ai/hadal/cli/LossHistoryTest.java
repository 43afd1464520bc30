package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Recent losses, their mean and the best.
class LossHistoryTest {

    private final LossHistory losses = new LossHistory();

    @Test
    void beforeTheFirstStepNothingIsKnown() {
        assertThat(losses.smoothed()).isNaN();
        assertThat(losses.best()).isNaN();
        assertThat(losses.bestStep()).isEqualTo(-1);
    }

    @Test
    void theMeanStartsAtTheFirstLossAndFollows() {
        losses.add(0, 4);
        assertThat(losses.smoothed()).isCloseTo(4, within(1e-12));
        for (int i = 1; i < 500; i++) {
            losses.add(i, 2);
        }
        assertThat(losses.smoothed()).isCloseTo(2, within(1e-3));
        assertThat(losses.bestStep()).isEqualTo(499);
    }

    @Test
    void theBestIsTheMeansAndNotALuckyStep() {
        losses.add(0, 3);
        losses.add(1, 0.1);
        losses.add(2, 9);
        assertThat(losses.best()).isBetween(1.0, 3.0);
        assertThat(losses.bestStep()).isEqualTo(1);
    }

    @Test
    void aRollBackForgetsWhatItTookAway() {
        losses.add(0, 3);
        losses.add(1, 2);
        double before = losses.smoothed();
        losses.add(2, 1);
        losses.add(3, 50);
        losses.add(4, Double.NaN);
        losses.cut(2);
        assertThat(losses.smoothed()).isCloseTo(before, within(1e-12));
        assertThat(losses.bestStep()).isEqualTo(1);
        assertThat(losses.recent()).containsExactly(3, 2);
    }

    @Test
    void onlyRecentLossesAreKept() {
        for (int i = 0; i < LossHistory.RECENT + 5; i++) {
            losses.add(i, i);
        }
        assertThat(losses.recent()).hasSize(LossHistory.RECENT).startsWith(5);
    }
}
