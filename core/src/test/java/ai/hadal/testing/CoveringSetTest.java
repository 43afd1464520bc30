package ai.hadal.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CoveringSetTest {

    private static final Predicate<int[]> ALL = row -> true;

    /// The first value of one dimension goes with two values of another only.
    private static final Predicate<int[]> SOME = row -> row[0] > 0 || row[1] < 2;

    private static boolean holds(List<int[]> rows, int[] pattern, int d, int e) {
        return rows.stream().anyMatch(row -> row[d] == pattern[d] && row[e] == pattern[e]);
    }

    private static void assertCovers(List<int[]> rows, Predicate<int[]> valid, int... sizes) {
        assertThat(rows).allMatch(valid);
        for (int[] row : CoveringSet.product(sizes)) {
            for (int d = 0; d < sizes.length; d++) {
                for (int e = d + 1; e < sizes.length; e++) {
                    assertThat(holds(rows, row, d, e))
                            .as("value %d of %d with %d of %d", row[d], d, row[e], e)
                            .isEqualTo(holds(
                                    CoveringSet.product(sizes).stream()
                                            .filter(valid)
                                            .toList(),
                                    row,
                                    d,
                                    e));
                }
            }
        }
    }

    @Test
    void everyPairThatMayBeIsThere() {
        assertCovers(CoveringSet.of(ALL, 3, 4, 5, 2), ALL, 3, 4, 5, 2);
        assertCovers(CoveringSet.of(SOME, 3, 4, 5, 2), SOME, 3, 4, 5, 2);
        assertCovers(CoveringSet.of(ALL, 1, 3, 6, 7), ALL, 1, 3, 6, 7);
    }

    /// At least the product of the two largest dimensions.
    @Test
    void fewRowsDo() {
        assertThat(CoveringSet.of(ALL, 3, 4, 5, 2)).hasSizeBetween(20, 24);
        assertThat(CoveringSet.of(ALL, 2, 2, 2, 2, 2, 2)).hasSizeLessThan(12);
        assertThat(CoveringSet.of(ALL, 3, 4)).hasSize(12);
    }

    @Test
    void itIsTheSameEveryTime() {
        assertThat(CoveringSet.of(SOME, 5, 3, 6, 7).toArray(new int[0][]))
                .isDeepEqualTo(CoveringSet.of(SOME, 5, 3, 6, 7).toArray(new int[0][]));
    }

    @Test
    void aProductHasAllRows() {
        assertThat(CoveringSet.product(2, 3).toArray(new int[0][]))
                .isDeepEqualTo(new int[][] {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}});
    }
}
