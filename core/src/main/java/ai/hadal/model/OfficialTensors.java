package ai.hadal.model;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.error.HadalException;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import java.util.Arrays;
import java.util.List;

/// A checkpoint's tensors by their official names, one by one and as they are stored, whatever its layout: for tools
/// that write checkpoints.
public final class OfficialTensors {

    private final WeightSource source;
    private final ModelConfig config;
    private final List<Planned> plan;

    private OfficialTensors(WeightSource source, ModelConfig config) {
        this.source = source;
        this.config = config;
        this.plan = TensorPlan.of(config);
    }

    /// The tensors of a checkpoint, after the checks that every model passes before it runs.
    ///
    /// @throws HadalException as [ModelWeightsLoader#load(Checkpoint, ModelConfig)]
    public static OfficialTensors of(Checkpoint checkpoint, ModelConfig config) {
        ModelWeightsLoader.load(checkpoint, config);
        return new OfficialTensors(ModelWeightsLoader.source(checkpoint, null, config), config);
    }

    /// All of them, in the order of the network.
    public List<Planned> plan() {
        return plan;
    }

    /// The stored numbers of a tensor; a vector is one row.
    public Weight weight(Planned planned) {
        int[] shape = planned.shape();
        if (planned.isMatrix()) {
            return source.matrix(planned.name(), shape[0], shape[1]);
        }
        Tensor tensor = tensor(planned);
        Format format = tensor.format();
        int rows = shape.length == 1 ? 1 : shape[0];
        int cols = shape[shape.length - 1];
        return new Weight(tensor.name(), format, rows, cols, format.bytes(cols), tensor.data(), null);
    }

    /// A table of expert ids, row by row.
    public int[] table(Planned planned) {
        var table = new WeightBinder(source, config).hashTable(planned.name());
        int rows = planned.shape()[0];
        int slots = planned.shape()[1];
        int[] experts = new int[Math.multiplyExact(rows, slots)];
        for (int token = 0; token < rows; token++) {
            for (int slot = 0; slot < slots; slot++) {
                experts[token * slots + slot] = table.expert(token, slot);
            }
        }
        return experts;
    }

    /// A complaint about a tensor that names its file.
    public HadalException wrong(Planned planned, String what) {
        return source.wrong(planned.name(), what);
    }

    private Tensor tensor(Planned planned) {
        var stored = source.find(planned.name());
        if (stored == null) {
            throw source.missing(planned.name());
        }
        long[] shape = Arrays.stream(planned.shape()).asLongStream().toArray();
        if (!Arrays.equals(stored.tensor().shape(), shape)) {
            throw source.wrong(
                    planned.name(),
                    "has the shape " + Arrays.toString(stored.tensor().shape()));
        }
        return stored.tensor();
    }
}
