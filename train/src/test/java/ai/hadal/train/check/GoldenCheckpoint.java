package ai.hadal.train.check;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.SafetensorsFile;
import ai.hadal.model.ModelConfigs;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The golden checkpoint flash-tiny, which lies among core's test resources, and what the official code computed on
/// it.
final class GoldenCheckpoint {

    private static final String PLACE = "core/src/test/resources/golden/flash-tiny";

    private final Path folder = folder();
    private final JsonNode facts =
            JsonMapper.shared().readTree(folder.resolve("golden/golden.json").toFile());

    private static Path folder() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(PLACE))) {
                return at.resolve(PLACE);
            }
        }
        throw new IllegalStateException("no folder above this one has " + PLACE);
    }

    DoubleModel model() {
        try (var checkpoint = Checkpoint.open(folder)) {
            Map<String, double[]> parameters = new LinkedHashMap<>();
            Map<String, int[][]> tables = new LinkedHashMap<>();
            for (var tensor : checkpoint.tensors().values()) {
                if (tensor.format() == Format.I64) {
                    tables.put(tensor.name(), table(tensor));
                } else {
                    parameters.put(tensor.name(), decode(tensor));
                }
            }
            return new DoubleModel(ModelConfigs.of(checkpoint), parameters, tables);
        }
    }

    private static double[] decode(Tensor tensor) {
        int n = (int) tensor.elements();
        var format = tensor.format();
        float[] values = new float[n];
        WeightRows.decode(
                new Weight(tensor.name(), format, 1, n, format.bytes(n), tensor.data(), null), 0, 0, n, values, 0);
        return Numbers.widened(values);
    }

    private static int[][] table(Tensor tensor) {
        var layout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        int[][] table = new int[(int) tensor.shape()[0]][(int) tensor.shape()[1]];
        for (int i = 0; i < tensor.elements(); i++) {
            int k = table[0].length;
            table[i / k][i % k] = (int) tensor.data().get(layout, (long) Long.BYTES * i);
        }
        return table;
    }

    int[] prompt(String name) {
        return StreamSupport.stream(facts.required("prompts").required(name).spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    /// The token after the prompt n128.
    int mtpNextId() {
        return facts.required("modes")
                .required("off")
                .required("mtp")
                .required("next_id")
                .asInt();
    }

    float[] floats(String name) {
        try (var file = SafetensorsFile.open(folder.resolve("golden/golden.safetensors"))) {
            return file.tensor(name)
                    .data()
                    .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
        }
    }
}
