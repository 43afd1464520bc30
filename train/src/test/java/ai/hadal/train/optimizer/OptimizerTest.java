package ai.hadal.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.Numbers;
import ai.hadal.train.check.SmallModel;
import ai.hadal.train.model.Parameter;
import ai.hadal.train.model.Parameter.Kind;
import ai.hadal.train.model.Parameters;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Muon and AdamW move parameters as their definitions say.
class OptimizerTest {

    private static final float DECAY = 0.1f;
    private static final float RATE = 0.01f;

    private final Parameters parameters = new Parameters(SmallModel.config(1, 1, 0, 4));
    private final Optimizer optimizer = new Optimizer(parameters, new Optimizer.Options(DECAY, 2f, 0.5f), 1);
    private final float[] gradients = new float[parameters.size()];

    private float[] values(Parameter p) {
        return part(parameters.values(), p);
    }

    private static float[] part(float[] all, Parameter p) {
        return Arrays.copyOfRange(all, p.offset(), p.offset() + p.size());
    }

    private void fill(float[] all, Parameter p, float[] values) {
        System.arraycopy(values, 0, all, p.offset(), p.size());
    }

    private static double rms(float[] x) {
        double sum = 0;
        for (float v : x) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum / x.length);
    }

    @Test
    void muonsUpdateHasTheSizeOfAdamsForEveryShape() {
        var numbers = new Numbers(1);
        for (var p : parameters.list()) {
            if (p.kind() == Kind.MATRIX) {
                fill(gradients, p, numbers.floats(p.size(), 0, 1e-3));
                optimizer.move(p, gradients, RATE, 0, 0);
                assertThat(rms(values(p)) / (0.18 * RATE)).as(p.name()).isBetween(0.75, 1.2);
            }
        }
    }

    @Test
    void muonKeepsAMomentumAndLooksAhead() {
        var p = parameters.get("layers.0.attn.wq_a.weight");
        var numbers = new Numbers(2);
        double[] momentum = new double[p.size()];
        float[] before = new float[p.size()];
        for (int step = 0; step < 4; step++) {
            float[] g = numbers.floats(p.size(), 0, 1);
            fill(gradients, p, g);
            optimizer.move(p, gradients, RATE, step, 0);
            float[] direction = new float[p.size()];
            for (int i = 0; i < g.length; i++) {
                momentum[i] = 0.95 * momentum[i] + g[i];
                direction[i] = (float) (0.95 * momentum[i] + g[i]);
            }
            new NewtonSchulz().orthogonalise(direction, 0, p.rows(), p.cols());
            double scale = 0.18 * Math.sqrt(Math.max(p.rows(), p.cols()));
            float[] after = values(p);
            for (int i = 0; i < g.length; i++) {
                double expected = before[i] * (1 - RATE * DECAY) - RATE * scale * direction[i];
                assertThat((double) after[i]).isCloseTo(expected, within(1e-5));
                assertThat((double) optimizer.first()[p.offset() + i]).isCloseTo(momentum[i], within(1e-5));
            }
            before = after;
        }
        assertThat(part(optimizer.second(), p)).containsOnly(0f);
    }

    @Test
    void adamMovesTokenTablesWithDecay() {
        adam("embed.weight", RATE * 2, DECAY);
    }

    @Test
    void adamMovesVectorsWithoutDecay() {
        adam("layers.0.attn_norm.weight", RATE * 0.5, 0);
        adam("layers.1.attn.compressor.ape", RATE * 0.5, 0);
    }

    private void adam(String name, double rate, double decay) {
        var p = parameters.get(name);
        var numbers = new Numbers(3);
        double[] x = numbers.doubles(p.size(), 1, 1);
        fill(parameters.values(), p, Numbers.narrowed(x));
        double[] m = new double[p.size()];
        double[] v = new double[p.size()];
        for (int step = 0; step < 6; step++) {
            // Of very different sizes, one of them zero.
            double[] g = numbers.doubles(p.size(), 0, Math.pow(10, -step));
            g[0] = 0;
            fill(gradients, p, Numbers.narrowed(g));
            optimizer.move(p, gradients, RATE, step, 0);
            for (int i = 0; i < g.length; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                double corrected = m[i] / (1 - Math.pow(0.9, step + 1));
                double size = Math.sqrt(v[i] / (1 - Math.pow(0.95, step + 1))) + 1e-20;
                x[i] -= rate * (corrected / size + decay * x[i]);
            }
        }
        for (int i = 0; i < p.size(); i++) {
            assertThat((double) parameters.values()[p.offset() + i]).isCloseTo(x[i], within(2e-6));
        }
    }

    @Test
    void withoutAGradientOnlyMatricesAndTokenTablesShrink() {
        Arrays.fill(parameters.values(), 1f);
        for (var p : parameters.list()) {
            optimizer.move(p, gradients, RATE, 0, 0);
            double expected = switch (p.kind()) {
                case MATRIX -> 1 - RATE * DECAY;
                case TOKENS -> 1 - RATE * 2 * DECAY;
                case VECTOR, BALANCE -> 1;
            };
            for (float value : values(p)) {
                assertThat((double) value).as(p.name()).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void movingOneParameterLeavesTheOthers() {
        Arrays.fill(gradients, 1f);
        var moved = parameters.get("layers.1.attn.wkv.weight");
        optimizer.move(moved, gradients, RATE, 0, 0);
        for (var p : parameters.list()) {
            assertThat(rms(values(p)) > 0).as(p.name()).isEqualTo(p == moved);
        }
    }

    @Test
    void balanceRaisesTheBiasOfIdleExpertsAndLowersThatOfBusyOnes() {
        var p = parameters.get("layers.1.ffn.gate.bias");
        optimizer.balance(p, new long[] {10, 0, 4, 2}, 0.001f);
        assertThat(values(p)).containsExactly(-0.001f, 0.001f, 0f, 0.001f);
        optimizer.balance(p, new long[] {5, 5, 5, 5}, 0.001f);
        assertThat(values(p)).containsExactly(-0.001f, 0.001f, 0f, 0.001f);
    }
}
