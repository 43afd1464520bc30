package ai.hadal.train.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// Compares one array's gradient with central differences: along random directions through all of it, which see
/// every element, and along single coordinates, which say where an error is.
///
/// @param objective the scalar
/// @param x the array it depends on, changed in place and restored
/// @param analytic the gradient under test
/// @param coordinates how many random single coordinates to try beside the one with the largest gradient; all when
///     there are no more
record ArrayGradient(DoubleSupplier objective, double[] x, float[] analytic, int coordinates) {

    private static final int DIRECTIONS = 3;

    /// Gradients smaller than this fraction of the objective are taken for zero: they drown in rounding.
    private static final double FLOOR = 1e-6;

    /// Errors above this are looked at again with a shorter step.
    private static final double SUSPECT = 1e-6;

    /// @param error the largest error, relative to the size of the gradient
    /// @param place where it is, with both values
    record Result(double error, String place) {}

    /// A derivative: its analytic value and, by step, its numeric one, divided by `norm` to compare with an element.
    private record Probe(String place, double analytic, DoubleUnaryOperator numeric, double norm, double first) {

        static Probe of(String place, double analytic, DoubleUnaryOperator numeric, double norm) {
            return new Probe(place, analytic, numeric, norm, numeric.applyAsDouble(FiniteDifference.STEP));
        }

        Result compare(double size) {
            var result = compare(first, size);
            // A step may cross the edge of a clamp; a shorter one hardly does.
            return result.error < SUSPECT ? result : compare(numeric.applyAsDouble(FiniteDifference.STEP / 20), size);
        }

        private Result compare(double numeric, double size) {
            double error = Math.abs(analytic - numeric) / (Math.abs(numeric) + size * norm);
            return new Result(
                    error, String.format(Locale.ROOT, "%s: %.9g where %.9g is expected", place, analytic, numeric));
        }
    }

    Result check(long seed) {
        if (analytic.length != x.length) {
            return new Result(Double.NaN, analytic.length + " elements where " + x.length + " are needed");
        }
        if (x.length == 0) {
            return new Result(0, "");
        }
        var numbers = new Numbers(seed);
        List<Probe> directions = new ArrayList<>();
        for (int i = 0; i < DIRECTIONS; i++) {
            directions.add(direction(FiniteDifference.signs(x.length, numbers)));
        }
        List<Probe> singles = IntStream.concat(
                        coordinates >= x.length
                                ? IntStream.range(0, x.length)
                                : IntStream.of(numbers.some(coordinates, x.length)),
                        IntStream.of(largest()))
                .mapToObj(this::single)
                .toList();
        double floor = FLOOR * (1 + Math.abs(objective.getAsDouble()));
        double size = Math.max(rms(directions), rms(singles)) + floor;
        var worst = new Result(0, "");
        // Single coordinates first: of equal errors the one with a place is told.
        for (var probe : IntStream.range(0, singles.size() + DIRECTIONS)
                .mapToObj(i -> i < singles.size() ? singles.get(i) : directions.get(i - singles.size()))
                .toList()) {
            var result = probe.compare(size);
            if (Double.isNaN(result.error)) {
                return result;
            }
            worst = result.error > worst.error ? result : worst;
        }
        return worst;
    }

    private int largest() {
        int largest = 0;
        for (int i = 0; i < analytic.length; i++) {
            largest = Math.abs(analytic[i]) > Math.abs(analytic[largest]) ? i : largest;
        }
        return largest;
    }

    private Probe single(int i) {
        return Probe.of("element " + i, analytic[i], step -> FiniteDifference.coordinate(objective, x, i, step), 1);
    }

    private Probe direction(double[] signs) {
        double dot = 0;
        for (int i = 0; i < x.length; i++) {
            dot += signs[i] * analytic[i];
        }
        return Probe.of(
                "a random direction",
                dot,
                step -> FiniteDifference.direction(objective, List.of(x), List.of(signs), step),
                Math.sqrt(x.length));
    }

    private static double rms(List<Probe> probes) {
        double square = probes.stream()
                .mapToDouble(p -> p.first / p.norm)
                .map(d -> d * d)
                .sum();
        return Math.sqrt(square / probes.size());
    }
}
