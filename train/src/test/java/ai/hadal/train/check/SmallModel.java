package ai.hadal.train.check;

import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.model.ModelConfig;
import ai.hadal.tensor.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A model small enough to differentiate numerically, with random parameters of sensible scale.
///
/// @param parameters by official name, in the order of the network
/// @param tables the hash tables `[V][k]` by official name
public record SmallModel(ModelConfig config, Map<String, float[]> parameters, Map<String, int[][]> tables) {

    /// A model of main blocks with the given ratios (0, 4 or 128), the first hash routed, and one MTP block.
    ///
    /// @param compressRatios of the main blocks
    public static SmallModel of(long seed, int... compressRatios) {
        return of(seed, config(1, 1, compressRatios));
    }

    /// A model of any configuration.
    public static SmallModel of(long seed, ModelConfig config) {
        var numbers = new Numbers(seed);
        Map<String, float[]> parameters = new LinkedHashMap<>();
        TensorShapes.of(config).forEach((name, shape) -> parameters.put(name, parameter(name, shape, numbers)));
        Map<String, int[][]> tables = new LinkedHashMap<>();
        for (int l = 0; l < config.hashLayers(); l++) {
            int[][] table = new int[config.vocabSize()][];
            Arrays.setAll(table, _ -> numbers.some(config.expertsPerToken(), config.experts()));
            tables.put("layers." + l + ".ffn.gate.tid2eid", table);
        }
        return new SmallModel(config, parameters, tables);
    }

    /// @param compressRatios of the main blocks; the MTP blocks' are 0
    public static ModelConfig config(int hashLayers, int mtpLayers, int... compressRatios) {
        int blocks = compressRatios.length + mtpLayers;
        float[] limits = new float[blocks];
        // Low enough that both clamps cut a few values.
        Arrays.fill(limits, 1.5f);
        return new ModelConfig(
                16,
                compressRatios.length,
                mtpLayers,
                hashLayers,
                Arrays.copyOf(compressRatios, blocks),
                2,
                16,
                8,
                16,
                2,
                8,
                8,
                2,
                8,
                3,
                4,
                2,
                16,
                1.5f,
                limits,
                limits.clone(),
                4,
                20,
                1e-6f,
                1e-6f,
                10_000,
                160_000,
                new ModelConfig.Yarn(16, 65536, 32, 1),
                40,
                1024,
                0,
                1);
    }

    private static float[] parameter(String name, int[] shape, Numbers numbers) {
        int n = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (name.endsWith("norm.weight")) {
            return numbers.floats(n, 1, 0.2);
        }
        if (name.endsWith("_scale")) {
            return numbers.floats(n, 0.7, 0.1);
        }
        if (name.endsWith("gate.bias")) {
            return numbers.floats(n, 0, 0.1);
        }
        if (shape.length == 1 || name.endsWith(".ape")) {
            return numbers.floats(n, 0, 0.5);
        }
        double deviation = name.equals("embed.weight") ? 1 : 1 / Math.sqrt(shape[1]);
        // The streams grow by every block's output, so their share of a mix would fade.
        return numbers.floats(n, 0, name.endsWith("_fn") ? 2 * deviation : deviation);
    }

    /// The definition on a copy of the parameters.
    public DoubleModel widened() {
        Map<String, double[]> widened = new LinkedHashMap<>();
        parameters.forEach((name, values) -> widened.put(name, Numbers.widened(values)));
        return new DoubleModel(config, widened, tables);
    }

    /// Random tokens.
    public int[] document(long seed, int length) {
        var numbers = new Numbers(seed);
        int[] ids = new int[length];
        Arrays.setAll(ids, _ -> numbers.below(config.vocabSize()));
        return ids;
    }

    /// Writes `model.safetensors` and an empty `config.json`; the configuration has to be given beside it.
    public void write(Path folder) {
        var shapes = TensorShapes.of(config);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        parameters
                .keySet()
                .forEach(name -> entries.add(new SafetensorsWriter.Entry(name, Format.F32, longs(shapes.get(name)))));
        tables.keySet()
                .forEach(name -> entries.add(
                        new SafetensorsWriter.Entry(name, Format.I64, config.vocabSize(), config.expertsPerToken())));
        try (var writer = SafetensorsWriter.create(folder.resolve("model.safetensors"), entries)) {
            parameters.values().forEach(writer::writeFloats);
            tables.values().forEach(table -> writer.write(bytes(table)));
            writer.commit();
            Files.writeString(folder.resolve("config.json"), "{}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long[] longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }

    private static MemorySegment bytes(int[][] table) {
        var buffer =
                ByteBuffer.allocate(Long.BYTES * table.length * table[0].length).order(ByteOrder.LITTLE_ENDIAN);
        for (int[] row : table) {
            for (int expert : row) {
                buffer.putLong(expert);
            }
        }
        return MemorySegment.ofBuffer(buffer.flip());
    }
}
