package ai.hadal.train.check;

import java.util.List;
import java.util.function.DoubleSupplier;

/// Central differences of a scalar that depends on arrays changed in place.
///
/// ### Implementation note
/// With a step of 1e-5 the error of a smooth function near one is about 1e-10 from its third derivative and 1e-11
/// from rounding.
public final class FiniteDifference {

    public static final double STEP = 1e-5;

    private FiniteDifference() {}

    /// The derivative by `x[i]`, which is left as it was.
    public static double coordinate(DoubleSupplier f, double[] x, int i, double step) {
        double before = x[i];
        x[i] = before + step;
        double above = f.getAsDouble();
        x[i] = before - step;
        double below = f.getAsDouble();
        x[i] = before;
        return (above - below) / (2 * step);
    }

    /// The derivative along a direction through all of `xs`, which are left as they were.
    public static double direction(DoubleSupplier f, List<double[]> xs, List<double[]> directions, double step) {
        List<double[]> before = xs.stream().map(double[]::clone).toList();
        move(xs, before, directions, step);
        double above = f.getAsDouble();
        move(xs, before, directions, -step);
        double below = f.getAsDouble();
        move(xs, before, directions, 0);
        return (above - below) / (2 * step);
    }

    private static void move(List<double[]> xs, List<double[]> from, List<double[]> directions, double step) {
        for (int a = 0; a < xs.size(); a++) {
            for (int i = 0; i < xs.get(a).length; i++) {
                xs.get(a)[i] = from.get(a)[i] + step * directions.get(a)[i];
            }
        }
    }

    /// A direction of +1 and -1.
    public static double[] signs(int n, Numbers numbers) {
        double[] signs = new double[n];
        for (int i = 0; i < n; i++) {
            signs[i] = 2 * numbers.below(2) - 1;
        }
        return signs;
    }
}
