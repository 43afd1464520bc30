package ai.hadal.train.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.train.check.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Gradients of attention are those of its definition, for texts shorter and longer than a block of positions.
class AttentionGradientTest {

    @ParameterizedTest
    @CsvSource({
        // heads, width, window, ratio, length, sparse
        "2, 16, 5, 0, 37, false",
        "1, 7, 50, 0, 21, false",
        "2, 16, 5, 4, 3, false",
        "3, 20, 7, 4, 37, false",
        "2, 16, 20, 4, 48, true",
        "2, 12, 5, 4, 41, true",
        "2, 16, 6, 128, 260, false",
        "1, 9, 6, 128, 130, false"
    })
    void areThoseOfTheDefinition(int heads, int width, int window, int ratio, int length, boolean sparse) {
        var attending = Attending.of(heads, width, window, ratio, length, sparse);
        GradientCheck.check(attending.toString(), attending.x(), attending::objective, attending.gradients(null), 2e-5);
    }

    @Test
    void anEntryThatNobodySelectsGetsNone() {
        var attending = Attending.of(2, 16, 5, 4, 40, true);
        float[] dEntries = attending.gradients(null)[3];
        for (int e = 0; e < 10; e++) {
            boolean moves = false;
            for (int c = 0; c < 16; c++) {
                moves |= dEntries[e * 16 + c] != 0f;
            }
            assertThat(moves).as("entry %d", e).isEqualTo(e % 3 != 1);
        }
    }
}
