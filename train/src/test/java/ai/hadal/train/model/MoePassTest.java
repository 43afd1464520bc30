package ai.hadal.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.Backend;
import ai.hadal.backend.Backends;
import ai.hadal.backend.ExpertSet;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.model.ModelConfig;
import ai.hadal.tensor.Weight;
import ai.hadal.train.check.Numbers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Experts that work on gathered rows give the bits of the engine's own operation.
class MoePassTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        // block (the first is hash routed), rows, rounded weights, backend
        "0, 40, false, cpu",
        "1, 40, false, cpu",
        "1, 40, true, cpu",
        "3, 1, true, cpu",
        "0, 9, true, reference",
        "1, 9, false, reference"
    })
    void forwardHasTheEnginesBits(int block, int rowCount, boolean rounded, String backend) {
        var parameters = RandomModel.in(folder);
        parameters.refresh(rounded);
        var config = parameters.config();
        var document = RandomModel.document(7, rowCount);
        var u = new HostActivations(config.hiddenSize()).resize(rowCount);
        float[] values = new Numbers(8).floats(rowCount * config.hiddenSize(), 0, 1);
        System.arraycopy(values, 0, u.data(), 0, values.length);
        var y = new HostActivations(config.hiddenSize());
        try (var bench = new Workbench(parameters)) {
            new MoePass(bench, "layers." + block + ".ffn.", block).forward(Rows.of(List.of(document), config), u, y);
        }
        try (var ops = Backends.open(backend, 1)) {
            assertThat(Arrays.copyOf(y.data(), values.length))
                    .containsExactly(expected(ops, parameters, block, document.ids(), u));
        }
    }

    private static float[] expected(Backend ops, Parameters parameters, int block, int[] ids, HostActivations u) {
        var config = parameters.config();
        String p = "layers." + block + ".ffn.";
        int k = config.expertsPerToken();
        var logits = ops.activations(config.experts());
        ops.linear(parameters.weight(p + "gate.weight"), u, InputRounding.NONE, logits);
        int[] table = parameters.hashTables().getOrDefault(p + "gate.tid2eid", new int[0]);
        var routing = block < config.hashLayers()
                ? ops.routeFixed(logits, fixed(table, ids, k), k, config.routedScale())
                : ops.route(logits, parameters.vector(p + "gate.bias"), k, config.routedScale());
        var y = ops.activations(config.hiddenSize());
        String[] routed = new String[config.experts()];
        Arrays.setAll(routed, e -> p + "experts." + e + ".");
        ops.experts(
                set(parameters, config.swigluLimits()[block], routed),
                set(parameters, config.sharedSwigluLimits()[block], p + "shared_experts."),
                u,
                routing,
                InputRounding.NONE,
                y);
        return values(y.rows(), config, HostActivations.of(y));
    }

    private static float[] values(int rows, ModelConfig config, HostActivations y) {
        return Arrays.copyOf(y.data(), rows * config.hiddenSize());
    }

    private static int[] fixed(int[] table, int[] ids, int k) {
        int[] fixed = new int[ids.length * k];
        Arrays.setAll(fixed, i -> table[ids[i / k] * k + i % k]);
        return fixed;
    }

    private static ExpertSet set(Parameters parameters, float limit, String... experts) {
        return new ExpertSet(
                matrices(parameters, experts, "w1"),
                matrices(parameters, experts, "w3"),
                matrices(parameters, experts, "w2"),
                limit);
    }

    private static Weight[] matrices(Parameters parameters, String[] experts, String name) {
        return Arrays.stream(experts)
                .map(expert -> parameters.weight(expert + name + ".weight"))
                .toArray(Weight[]::new);
    }
}
