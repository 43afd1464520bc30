package ai.hadal.train.model;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.OfficialFormat;
import ai.hadal.model.TensorPlan;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightEncoder;
import ai.hadal.tensor.WeightRows;
import ai.hadal.train.model.Parameter.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// All values of a model that learns: the master copy in one flat array, and what a step computes with. The two
/// differ where parameters are trained under the rounding of their stored format (quantisation-aware training):
/// then a step sees the rounded values, and its gradients go straight through to the master copy.
public final class Parameters {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ModelConfig config;
    private final List<Parameter> list;
    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final Map<String, int[]> hashTables = new LinkedHashMap<>();
    private final float[] values;
    private final float[] used;
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final Map<String, float[]> vectors = new LinkedHashMap<>();
    private final MemorySegment memory;
    private Arena encoded = Arena.ofShared();

    public Parameters(ModelConfig config) {
        this.config = config;
        List<Parameter> found = new ArrayList<>();
        int offset = 0;
        for (var planned : TensorPlan.of(config)) {
            int[] shape = planned.shape();
            if (planned.parameters()) {
                int rows = shape.length == 2 ? shape[0] : 1;
                int cols = shape[shape.length - 1];
                var parameter = new Parameter(
                        planned.name(), shape, rows, cols, kind(planned), OfficialFormat.of(planned), offset);
                found.add(parameter);
                byName.put(parameter.name(), parameter);
                offset += parameter.size();
            } else {
                hashTables.put(planned.name(), new int[shape[0] * shape[1]]);
            }
        }
        list = List.copyOf(found);
        values = new float[offset];
        used = new float[offset];
        memory = Arena.ofAuto().allocate(4L * offset, 64);
        for (var p : list) {
            if (p.isMatrix()) {
                var data = memory.asSlice(4L * p.offset(), 4L * p.size());
                weights.put(p.name(), new Weight(p.name(), Format.F32, p.rows(), p.cols(), 4L * p.cols(), data, null));
            } else {
                vectors.put(p.name(), new float[p.size()]);
            }
        }
    }

    private static Kind kind(TensorPlan.Planned planned) {
        String name = planned.name();
        if (name.equals("embed.weight") || name.equals("head.weight")) {
            return Kind.TOKENS;
        }
        return planned.isMatrix() ? Kind.MATRIX : name.endsWith("gate.bias") ? Kind.BALANCE : Kind.VECTOR;
    }

    /// Fills all values from a seed: the same on every machine.
    public void initialise(long seed) {
        initialise(seed, IntStream.range(0, config.vocabSize()).toArray());
    }

    /// As [#initialise(long)], with some tokens alike.
    ///
    /// @param kin for each token an earlier one that it begins like, or itself
    public void initialise(long seed, int[] kin) {
        new Initialiser(this, seed, kin).run();
    }

    public ModelConfig config() {
        return config;
    }

    /// In the order of the network.
    public List<Parameter> list() {
        return list;
    }

    public Parameter get(String name) {
        var parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("no parameter " + name);
        }
        return parameter;
    }

    /// Values of all parameters together.
    public int size() {
        return values.length;
    }

    /// The master copy; parameter p begins at its offset.
    public float[] values() {
        return values;
    }

    /// What the last [#refresh] made of the values: what steps compute with.
    public float[] used() {
        return used;
    }

    /// Experts by token id and slot, by the tensor's name.
    public Map<String, int[]> hashTables() {
        return hashTables;
    }

    /// A matrix as the operations take it.
    Weight weight(String name) {
        var weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no matrix " + name);
        }
        return weight;
    }

    /// A vector or table as the operations take it.
    float[] vector(String name) {
        var vector = vectors.get(name);
        if (vector == null) {
            throw new IllegalArgumentException("no vector " + name);
        }
        return vector;
    }

    /// Brings what steps compute with up to date with the master copy.
    ///
    /// @param rounded round every parameter to its stored format
    public void refresh(boolean rounded) {
        if (rounded) {
            refreshRounded();
            return;
        }
        System.arraycopy(values, 0, used, 0, values.length);
        MemorySegment.copy(values, 0, memory, FLOAT, 0, values.length);
        for (var p : list) {
            if (p.isMatrix()) {
                var data = memory.asSlice(4L * p.offset(), 4L * p.size());
                weights.put(p.name(), new Weight(p.name(), Format.F32, p.rows(), p.cols(), 4L * p.cols(), data, null));
            } else {
                System.arraycopy(values, p.offset(), vector(p.name()), 0, p.size());
            }
        }
    }

    private void refreshRounded() {
        var old = encoded;
        encoded = Arena.ofShared();
        list.parallelStream().forEach(p -> {
            var weight = encode(p, p.stored(), encoded);
            for (int row = 0; row < p.rows(); row++) {
                WeightRows.decode(weight, row, 0, p.cols(), used, p.offset() + row * p.cols());
            }
            synchronized (weights) {
                if (p.isMatrix()) {
                    weights.put(p.name(), weight);
                } else {
                    System.arraycopy(used, p.offset(), vector(p.name()), 0, p.size());
                }
            }
        });
        old.close();
    }

    /// The master values of a parameter in a format.
    Weight encode(Parameter p, Format format, Arena arena) {
        float[] own = Arrays.copyOfRange(values, p.offset(), p.offset() + p.size());
        return WeightEncoder.encode(p.name(), format, own, p.rows(), p.cols(), arena);
    }
}
