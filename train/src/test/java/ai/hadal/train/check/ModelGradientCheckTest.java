package ai.hadal.train.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The whole loss has a gradient that finite differences find, and constants and choices stay out of it.
class ModelGradientCheckTest {

    private static final SmallModel SMALL = SmallModel.of(7, 0, 4);
    private static final Losses.Weights WEIGHTS = new Losses.Weights(0.3, 0.01, 0.01, 0.5);

    private static ModelGradientCheck check(Losses.Weights weights) {
        boolean[] learnt = new boolean[17];
        Arrays.fill(learnt, 3, 17, true);
        return new ModelGradientCheck(SMALL.widened(), List.of(SMALL.document(1, 17)), List.of(learnt), weights);
    }

    /// The derivative of the loss along a random direction of each parameter.
    private static Map<String, Double> derivatives(ModelGradientCheck check) {
        var objective = check.objective();
        Map<String, Double> derivatives = new LinkedHashMap<>();
        check.model().parameters().forEach((name, x) -> {
            double[] signs = FiniteDifference.signs(x.length, new Numbers(1));
            derivatives.put(name, FiniteDifference.direction(objective, List.of(x), List.of(signs), 1e-5));
        });
        return derivatives;
    }

    @Test
    void everyParameterMatters() {
        derivatives(check(WEIGHTS)).forEach((name, derivative) -> {
            // A bias selects, and the choice is held.
            if (name.endsWith("gate.bias")) {
                assertThat(derivative).as(name).isZero();
            } else {
                assertThat(Math.abs(derivative)).as(name).isGreaterThan(1e-6);
            }
        });
    }

    @Test
    void theIndexerLearnsFromItsOwnLossAlone() {
        var without = derivatives(check(new Losses.Weights(0.3, 0.01, 0.01, 0)));
        var with = derivatives(check(new Losses.Weights(0.3, 0.01, 0.01, 2)));
        without.forEach((name, derivative) -> {
            if (name.contains(".indexer.")) {
                assertThat(derivative).as(name).isZero();
            } else {
                // The term is constant to all others, the embedding included.
                assertThat(with.get(name)).as(name).isCloseTo(derivative, within(1e-8));
            }
        });
    }

    @Test
    void aRightGradientPassesAndAMissingOneDoesNot() {
        var check = check(WEIGHTS);
        var names = List.of("norm.weight", "layers.1.attn.attn_sink", "layers.1.attn.indexer.weights_proj.weight");
        var objective = check.objective();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (String name : names) {
            double[] x = check.model().parameters().get(name);
            float[] gradient = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                gradient[i] = (float) FiniteDifference.coordinate(objective, x, i, 1e-5);
            }
            gradients.put(name, gradient);
        }
        assertThat(check.only(names).check(gradients, 4)).hasLineCount(names.size());
        gradients.remove("layers.1.attn.attn_sink");
        assertThatThrownBy(() -> check.only(names).check(gradients, 4))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("attn_sink");
    }
}
