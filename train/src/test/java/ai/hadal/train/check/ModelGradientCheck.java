package ai.hadal.train.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/// Holds the whole loss's gradient by every parameter against central differences of the definition.
///
/// @param model at the point to check
/// @param learnt per document which tokens count
/// @param names of the parameters to check
public record ModelGradientCheck(
        DoubleModel model, List<int[]> documents, List<boolean[]> learnt, Losses.Weights weights, List<String> names) {

    /// The relative error that a gradient in float stays below.
    public static final double TOLERANCE = 1e-3;

    /// Checks all parameters.
    public ModelGradientCheck(
            DoubleModel model, List<int[]> documents, List<boolean[]> learnt, Losses.Weights weights) {
        this(model, documents, learnt, weights, List.copyOf(model.parameters().keySet()));
    }

    /// Checks these parameters.
    public ModelGradientCheck only(List<String> some) {
        return new ModelGradientCheck(model, documents, learnt, weights, some);
    }

    /// The losses at the model's parameters.
    public Losses losses() {
        return model.forward(documents, learnt, new Decisions());
    }

    /// The loss as a function of the model's parameters, with the choices and constants of this moment.
    public DoubleSupplier objective() {
        var decisions = new Decisions();
        model.forward(documents, learnt, decisions);
        return () -> model.forward(documents, learnt, decisions).total(weights);
    }

    /// Checks every parameter along a random direction and `coordinates` single ones.
    ///
    /// @param gradients by official name; a parameter without one must not influence the loss
    /// @return a line for each parameter, worst first
    public String check(Map<String, float[]> gradients, int coordinates) {
        var objective = objective();
        List<Line> lines = new ArrayList<>();
        for (String name : names) {
            double[] x = model.get(name);
            float[] gradient = gradients.getOrDefault(name, new float[x.length]);
            var array = new ArrayGradient(objective, x, gradient, coordinates);
            lines.add(new Line(name, array.check(lines.size())));
        }
        lines.sort(
                Comparator.comparingDouble((Line line) -> line.result.error()).reversed());
        String report = lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
        assertThat(gradients.keySet()).isSubsetOf(names);
        assertThat(lines)
                .as("relative errors of gradients:\n%s", report)
                .allSatisfy(line -> assertThat(line.result.error()).isLessThanOrEqualTo(TOLERANCE));
        return report;
    }

    private record Line(String name, ArrayGradient.Result result) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2e %s, %s", result.error(), name, result.place());
        }
    }
}
