package ai.hadal.train.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Holds an operation's analytic gradient against central differences of its definition.
public final class GradientCheck {

    /// The relative error that a gradient in float stays below.
    public static final double TOLERANCE = 1e-5;

    private static final int COORDINATES = 100;

    private GradientCheck() {}

    /// Checks with [#TOLERANCE].
    ///
    /// @param inputs what the objective depends on, restored at the end
    /// @param analytic the objective's gradient by each input; null for one that has none
    /// @return the largest relative error
    public static double check(
            String name, double[][] inputs, Function<double[][], Double> objective, float @Nullable [][] analytic) {
        return check(name, inputs, objective, analytic, TOLERANCE);
    }

    public static double check(
            String name,
            double[][] inputs,
            Function<double[][], Double> objective,
            float @Nullable [][] analytic,
            double tolerance) {
        assertThat(analytic).as("gradients of %s", name).hasNumberOfRows(inputs.length);
        double worst = 0;
        for (int a = 0; a < inputs.length; a++) {
            float[] gradient = analytic[a];
            if (gradient != null) {
                var array = new ArrayGradient(() -> objective.apply(inputs), inputs[a], gradient, COORDINATES);
                var result = array.check(a);
                assertThat(result.error())
                        .as("%s, input %d, %s", name, a, result.place())
                        .isLessThanOrEqualTo(tolerance);
                worst = Math.max(worst, result.error());
            }
        }
        return worst;
    }

    /// Checks an operation's case.
    public static double check(OpCase op, float @Nullable []... analytic) {
        return check(op.name() + " " + Arrays.toString(op.names()), op.inputs(), op::objective, analytic);
    }
}
