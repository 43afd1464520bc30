package ai.hadal.model;

import ai.hadal.backend.Backends;
import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.testing.GoldenTensors;
import ai.hadal.testing.Goldens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A golden checkpoint opened as a model, with what the official code computed on it.
final class GoldenModel implements AutoCloseable {

    final String name;
    final Model model;
    final JsonNode facts;
    final GoldenTensors golden;
    private final Checkpoint checkpoint;

    private GoldenModel(
            String name,
            Path folder,
            String backend,
            int threads,
            Numerics numerics,
            UnaryOperator<ModelConfig> change) {
        this.name = name;
        checkpoint = Checkpoint.open(folder);
        var config = change.apply(ModelConfigs.of(checkpoint));
        model = new Model(
                config, ModelWeightsLoader.load(checkpoint, config), Backends.open(backend, threads), numerics);
        facts = new ObjectMapper().readTree(folder.resolve("golden/golden.json").toFile());
        golden = GoldenTensors.read(folder.resolve("golden/golden.safetensors"));
    }

    /// Opens a golden checkpoint; empty when it lies neither among the test resources nor beside the repository.
    static Optional<GoldenModel> open(String name, String backend, int threads, Numerics numerics) {
        return open(name, backend, threads, numerics, UnaryOperator.identity());
    }

    /// Opens a golden checkpoint as another model that its tensors fit as well.
    static Optional<GoldenModel> open(
            String name, String backend, int threads, Numerics numerics, UnaryOperator<ModelConfig> change) {
        return folder(name).map(f -> new GoldenModel(name, f, backend, threads, numerics, change));
    }

    static Optional<Path> folder(String name) {
        var resource = GoldenModel.class.getResource("/golden/" + name + "/golden/golden.json");
        return resource != null
                ? Optional.of(Goldens.resource(name))
                : Goldens.shared(name).filter(Files::isDirectory);
    }

    static Numerics numerics(String mode) {
        return switch (mode) {
            case "off" -> Numerics.F32_QAT_OFF;
            case "on" -> Numerics.F32;
            case "full" -> Numerics.F32_QAT_FULL;
            default -> throw new IllegalArgumentException(mode);
        };
    }

    int[] prompt(String prompt) {
        return ints(facts.required("prompts").required(prompt));
    }

    static int[] ints(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).asInt();
        }
        return ids;
    }

    /// Names of the prompts that have goldens in a mode.
    List<String> prompts(String mode) {
        var names = new ArrayList<String>();
        facts.required("modes")
                .required(mode)
                .required("logits")
                .propertyNames()
                .forEach(names::add);
        return names;
    }

    /// Positions before this one are compared strictly.
    int stableUntil(String mode, String prompt) {
        var info = facts.required("modes").required(mode).required("logits").required(prompt);
        return info.has("stable_until") ? info.required("stable_until").asInt() : Integer.MAX_VALUE;
    }

    /// Extends a sequence and returns the logits after each token.
    float[][] logits(SequenceState sequence, int[] ids) {
        return read(model.step(List.of(new Chunk(sequence, ids, Chunk.Logits.ALL))));
    }

    float[][] read(Step step) {
        float[][] rows = new float[step.rows()][model.config().vocabSize()];
        for (int r = 0; r < rows.length; r++) {
            step.logits(r, rows[r]);
        }
        return rows;
    }

    /// Largest difference between rows of logits and the golden ones from row `from` on.
    float worst(float[][] rows, float[] golden, int from, int until) {
        int v = model.config().vocabSize();
        float worst = 0;
        for (int r = 0; r < rows.length && from + r < until; r++) {
            for (int i = 0; i < v; i++) {
                float difference = Math.abs(rows[r][i] - golden[(from + r) * v + i]);
                worst = Float.isNaN(difference) ? Float.NaN : Math.max(worst, difference);
            }
        }
        return worst;
    }

    @Override
    public void close() {
        model.close();
        checkpoint.close();
    }
}
