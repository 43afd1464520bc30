package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All numbers of a model's weights by their path in the tree of records, to compare two models.
final class FlatWeights {

    private final ModelConfig config;
    private final Map<String, float[]> values = new LinkedHashMap<>();

    private FlatWeights(ModelConfig config) {
        this.config = config;
    }

    static Map<String, float[]> of(ModelWeights weights, ModelConfig config) {
        FlatWeights flat = new FlatWeights(config);
        flat.add("model", weights);
        return flat.values;
    }

    /// Whether two models agree in every number.
    static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
        actual.forEach((path, values) -> assertThat(Arrays.mismatch(values, expected.get(path)))
                .as("first difference in %s", path)
                .isEqualTo(-1));
    }

    private void add(String path, Object node) {
        switch (node) {
            case null -> {}
            case float[] vector -> values.put(path, vector);
            case Integer number -> values.put(path, new float[] {number});
            case Weight weight -> values.put(path, decode(weight));
            case ModelWeights.HashTable table -> values.put(path, table(table));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    add(path + "[" + i + "]", list.get(i));
                }
            }
            case Record record -> {
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    try {
                        add(
                                path + "." + component.getName(),
                                component.getAccessor().invoke(record));
                    } catch (ReflectiveOperationException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            default -> throw new AssertionError(path + " is a " + node.getClass());
        }
    }

    static float[] decode(Weight weight) {
        float[] out = new float[weight.rows() * weight.cols()];
        for (int row = 0; row < weight.rows(); row++) {
            WeightRows.decode(weight, row, 0, weight.cols(), out, row * weight.cols());
        }
        return out;
    }

    private float[] table(ModelWeights.HashTable table) {
        int slots = config.expertsPerToken();
        float[] out = new float[config.vocabSize() * slots];
        for (int i = 0; i < out.length; i++) {
            out[i] = table.expert(i / slots, i % slots);
        }
        return out;
    }
}
