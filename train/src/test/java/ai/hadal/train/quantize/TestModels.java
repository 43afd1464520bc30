package ai.hadal.train.quantize;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.checkpoint.SafetensorsWriter.Entry;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.OfficialTensors;
import ai.hadal.model.TensorPlan;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Small models to write in other formats.
final class TestModels {

    private static final int[] IDS = {0, 17, 4, 99, 250, 3, 3, 41};

    private static final ValueLayout.OfInt LITTLE_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private TestModels() {}

    /// Random weights in the official layout, FP8 and FP4, with a tokenizer.
    static Path tinyRandom() {
        return inRepository("models/tiny-random");
    }

    /// Weights in F32 and BF16; no width is a multiple of 128.
    static Path flashTiny() {
        return inRepository("core/src/test/resources/golden/flash-tiny");
    }

    private static Path inRepository(String name) {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve(name))) {
            at = Objects.requireNonNull(at.getParent(), name);
        }
        return at.resolve(name);
    }

    /// A calm model of F32 weights whose widths are multiples of 256, in a folder of its own.
    static Path wide(Path folder) throws IOException {
        var config = (ObjectNode) JsonMapper.shared().readTree(tinyRandom().resolve("config.json"));
        config.put("hidden_size", 256).put("moe_intermediate_size", 256).put("vocab_size", 512);
        config.put("num_hidden_layers", 2).putArray("compress_ratios").add(0).add(4);
        config.put("num_nextn_predict_layers", 0).remove("quantization_config");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config.toString());
        writeWeights(folder, (name, i, cols, random) -> {
            // The sum of four even numbers is nearly normal.
            double draw = random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble() - 2;
            boolean norm = name.endsWith("norm.weight");
            return (float) (norm ? 1 + 0.1 * draw : draw * 1.7 / Math.sqrt(cols));
        });
        return folder;
    }

    /// Number `i` of a tensor.
    private interface Values {
        float at(String name, int i, int cols, SplittableRandom random);
    }

    private static void writeWeights(Path folder, Values values) throws IOException {
        // A checkpoint must hold some file to be opened; only its configuration is wanted.
        Path file = folder.resolve("model.safetensors");
        Files.copy(flashTiny().resolve("model.safetensors"), file);
        List<TensorPlan.Planned> plan;
        int experts;
        try (var checkpoint = Checkpoint.open(folder)) {
            var config = ModelConfigs.of(checkpoint);
            experts = config.experts();
            plan = TensorPlan.of(config);
        }
        var random = new SplittableRandom(11);
        try (var writer = SafetensorsWriter.create(file, entries(plan))) {
            for (var planned : plan) {
                int n = Math.toIntExact(planned.elements());
                if (planned.parameters()) {
                    float[] all = new float[n];
                    int cols = planned.shape()[planned.shape().length - 1];
                    for (int i = 0; i < n; i++) {
                        all[i] = values.at(planned.name(), i, cols, random);
                    }
                    writer.writeFloats(all);
                } else {
                    int[] table = new int[n];
                    for (int i = 0; i < n; i++) {
                        table[i] = (i * 3 + i / 2) % experts;
                    }
                    writeInts(writer, table);
                }
            }
            writer.commit();
        }
    }

    private static List<Entry> entries(List<TensorPlan.Planned> plan) {
        List<Entry> entries = new ArrayList<>();
        for (var planned : plan) {
            long[] shape = Arrays.stream(planned.shape()).asLongStream().toArray();
            entries.add(new Entry(planned.name(), planned.parameters() ? Format.F32 : Format.I32, shape));
        }
        return entries;
    }

    private static void writeInts(SafetensorsWriter writer, int[] values) {
        try (var arena = Arena.ofConfined()) {
            writer.write(arena.allocateFrom(LITTLE_INT, values));
        }
    }

    /// The same values as another checkpoint's, as F32 safetensors in a folder.
    static Path decoded(Path source, Path configFile, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(configFile, folder.resolve("config.json"));
        try (var checkpoint = Checkpoint.open(source)) {
            var tensors = OfficialTensors.of(checkpoint, ModelConfigs.of(checkpoint));
            Path file = folder.resolve("model.safetensors");
            try (var writer = SafetensorsWriter.create(file, entries(tensors.plan()))) {
                for (var planned : tensors.plan()) {
                    if (planned.parameters()) {
                        writer.writeFloats(values(tensors.weight(planned)));
                    } else {
                        writeInts(writer, tensors.table(planned));
                    }
                }
                writer.commit();
            }
        }
        return folder;
    }

    static float[] values(Weight weight) {
        float[] values = new float[weight.rows() * weight.cols()];
        for (int r = 0; r < weight.rows(); r++) {
            WeightRows.decode(weight, r, 0, weight.cols(), values, r * weight.cols());
        }
        return values;
    }

    /// Logits after a few tokens.
    static float[][] logits(Path checkpoint) {
        var options = EngineOptions.defaults().withContextLength(IDS.length);
        try (var engine = Engine.open(checkpoint, options)) {
            return engine.newSession().logits(IDS);
        }
    }
}
