package ai.hadal.train.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// The loss terms at points where their values are known.
class DoubleLossesTest {

    @Test
    void evenRoutingHasBalanceOneAndOneSidedRoutingMore() {
        double[] even = {1, 1, 1, 1, 1, 1, 1, 1};
        assertThat(DoubleLosses.balance(even, new int[][] {{0, 1}, {2, 3}})).isCloseTo(1, within(1e-12));
        double[] oneSided = {3, 3, 1, 1, 3, 3, 1, 1};
        // 4/(2*2) * (2 * 3/8 + 2 * 3/8)
        assertThat(DoubleLosses.balance(oneSided, new int[][] {{0, 1}, {0, 1}})).isCloseTo(1.5, within(1e-12));
    }

    @Test
    void divergenceIsZeroWhereScoresAreTheLogarithmsUpToAConstant() {
        double[] p = {0.2, 0.3, 0.5};
        double[] scores = {Math.log(0.2) + 7, Math.log(0.3) + 7, Math.log(0.5) + 7};
        assertThat(DoubleLosses.divergence(p, scores)).isCloseTo(0, within(1e-12));
        assertThat(DoubleLosses.divergence(new double[] {1, 0}, new double[] {0, 0}))
                .isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void crossEntropyOfEqualLogitsIsTheLogarithmOfTheirNumber() {
        assertThat(DoubleLosses.crossEntropy(new double[] {9, 9, 5, 5, 5, 5}, 1, 2, 0))
                .isCloseTo(Math.log(2), within(1e-12));
        assertThat(DoubleLosses.crossEntropy(new double[] {9, 9, 5, 5}, 0, 4, 1))
                .isCloseTo(Math.log(2 + 2 * Math.exp(-4)), within(1e-12));
    }
}
