package ai.hadal.train.model;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.checkpoint.SafetensorsWriter.Entry;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Parameters as `model.safetensors` under the official names: exactly in F32, or in the formats of the official
/// layout.
public final class ParameterFile {

    private static final int TILE = 128;
    private static final int FP4_GROUP = 32;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ParameterFile() {}

    /// Writes the master copy.
    ///
    /// @param official in the stored formats, else all in F32
    /// @throws HadalException when the file can't be written
    public static void write(Parameters parameters, boolean official, Path file) {
        // Wide numbers first, as in official files: so every tensor lies at a multiple of its numbers' size.
        List<Parameter> order = new ArrayList<>(parameters.list());
        order.sort(
                (a, b) -> format(b, official).blockBytes() - format(a, official).blockBytes());
        int slots = parameters.config().expertsPerToken();
        List<Entry> entries = new ArrayList<>();
        parameters
                .hashTables()
                .forEach((name, table) -> entries.add(new Entry(name, Format.I64, table.length / slots, slots)));
        for (var p : order) {
            var format = format(p, official);
            entries.add(new Entry(
                    p.name(), format, Arrays.stream(p.shape()).asLongStream().toArray()));
            long[] scale = scaleShape(p, format);
            if (scale.length > 0) {
                entries.add(new Entry(scaleName(p), Format.F8_E8M0, scale));
            }
        }
        try (var writer = SafetensorsWriter.create(file, entries)) {
            for (int[] table : parameters.hashTables().values()) {
                try (var arena = Arena.ofConfined()) {
                    MemorySegment bytes = arena.allocate(8L * table.length);
                    for (int i = 0; i < table.length; i++) {
                        bytes.set(LONG, 8L * i, table[i]);
                    }
                    writer.write(bytes);
                }
            }
            for (var p : order) {
                try (var arena = Arena.ofConfined()) {
                    Weight weight = parameters.encode(p, format(p, official), arena);
                    writer.write(weight.data());
                    if (weight.scale() != null) {
                        writer.write(weight.scale());
                    }
                }
            }
            writer.commit();
        }
    }

    private static Format format(Parameter p, boolean official) {
        return official ? p.stored() : Format.F32;
    }

    private static String scaleName(Parameter p) {
        return p.name().substring(0, p.name().length() - "weight".length()) + "scale";
    }

    private static long[] scaleShape(Parameter p, Format format) {
        return switch (format) {
            case F8_E4M3 -> new long[] {Math.ceilDiv(p.rows(), TILE), Math.ceilDiv(p.cols(), TILE)};
            case F4_E2M1 -> new long[] {p.rows(), p.cols() / FP4_GROUP};
            default -> new long[0];
        };
    }

    /// Reads values that [#write] wrote in F32.
    ///
    /// @throws HadalException when a tensor is missing or another one than this model has
    public static void read(Parameters parameters, Path folder) {
        try (var checkpoint = Checkpoint.open(folder)) {
            for (var p : parameters.list()) {
                Tensor tensor = checkpoint.tensors().get(p.name());
                long[] shape = Arrays.stream(p.shape()).asLongStream().toArray();
                if (tensor == null || tensor.format() != Format.F32 || !Arrays.equals(tensor.shape(), shape)) {
                    throw new HadalException(folder + " lacks " + p.name() + " as F32 of the shape "
                            + Arrays.toString(shape) + "; continue with the recipe that wrote it");
                }
                var weight = new Weight(p.name(), Format.F32, p.rows(), p.cols(), 4L * p.cols(), tensor.data(), null);
                for (int row = 0; row < p.rows(); row++) {
                    WeightRows.decode(weight, row, 0, p.cols(), parameters.values(), p.offset() + row * p.cols());
                }
            }
            parameters.hashTables().forEach((name, table) -> {
                Tensor tensor = checkpoint.tensors().get(name);
                if (tensor == null || tensor.elements() != table.length) {
                    throw new HadalException(
                            folder + " lacks the table " + name + "; continue with the recipe that wrote it");
                }
                for (int i = 0; i < table.length; i++) {
                    table[i] = (int) tensor.data().get(LONG, 8L * i);
                }
            });
        }
    }
}
