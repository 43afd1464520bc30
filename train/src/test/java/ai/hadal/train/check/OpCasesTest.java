package ai.hadal.train.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The points at which backward passes are checked are good ones.
class OpCasesTest {

    static List<OpCase> cases() {
        return OpCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyInputMattersAndEveryDerivativeExists(OpCase op) {
        for (int a = 0; a < op.inputs().length; a++) {
            double[] x = op.inputs()[a];
            double[] signs = FiniteDifference.signs(x.length, new Numbers(a));
            double wide = direction(op, x, signs, 1e-4);
            double narrow = direction(op, x, signs, 1e-5);
            assertThat(Math.abs(wide)).as(op.names()[a]).isGreaterThan(1e-4);
            assertThat(narrow).as(op.names()[a]).isCloseTo(wide, within(1e-6 * (1 + Math.abs(wide))));
        }
    }

    private static double direction(OpCase op, double[] x, double[] signs, double step) {
        return FiniteDifference.direction(() -> op.objective(op.inputs()), List.of(x), List.of(signs), step);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inputsAreFloats(OpCase op) {
        for (double[] x : op.inputs()) {
            assertThat(Numbers.widened(Numbers.narrowed(x))).isEqualTo(x);
        }
        assertThat(Arrays.stream(op.names()).mapToInt(n -> op.input(n).length).toArray())
                .isEqualTo(Arrays.stream(op.inputs()).mapToInt(x -> x.length).toArray());
    }
}
