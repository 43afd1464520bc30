package ai.hadal.bench;

import ai.hadal.bench.RandomTensors.Matrix;
import ai.hadal.bench.RandomTensors.Planned;
import ai.hadal.bench.RandomTensors.Table;
import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.checkpoint.SafetensorsWriter.Entry;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.WeightEncoder;
import ai.hadal.tokenizer.Tokenizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Writes `model.safetensors` beside the `config.json` and `tokenizer.json` of a folder: random weights of the
/// configured shape in the official layout. The same files and seed give the same bytes on every machine, since
/// each tensor has its own [Random], whose numbers the JDK's specification fixes, and all arithmetic is exact or
/// correctly rounded.
///
/// The weights are scaled so that a long text stays as calm as a short one: linear maps keep the size of what
/// passes, and logits have a standard deviation of about 2. Added tokens (end of text, turns, thinking, calls) are
/// an eighth as loud as others in the head, so they are rare in what the model says.
public final class RandomModel {

    /// The seed of `models/tiny-random`.
    static final long SEED = 4;

    private static final float ADDED_TOKEN_GAIN = 0.125f;
    private static final float SQRT_3 = 1.7320508f;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Set<Integer> addedTokens;
    private final long seed;

    private RandomModel(Set<Integer> addedTokens, long seed) {
        this.addedTokens = addedTokens;
        this.seed = seed;
    }

    /// @param args the folder and, if it is to be another than the standard one, the seed
    public static void main(String[] args) {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: RandomModel FOLDER [SEED]");
            System.exit(2);
        }
        try {
            write(Path.of(args[0]), args.length == 2 ? Long.parseLong(args[1]) : SEED);
        } catch (HadalException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /// Writes the weights of a folder.
    ///
    /// @throws HadalException if its two files cannot be read or the third not be written
    static void write(Path folder, long seed) {
        Path file = folder.resolve("config.json");
        if (!Files.isReadable(file)) {
            throw new HadalException(file + " cannot be read; put the config.json of the wanted shape there");
        }
        var plan = RandomTensors.of(JsonMapper.shared().readTree(file));
        new RandomModel(addedTokens(Tokenizer.fromJson(folder)), seed).write(folder.resolve("model.safetensors"), plan);
    }

    /// The ids that only a name written out in full gives.
    private static Set<Integer> addedTokens(Tokenizer tokenizer) {
        Set<Integer> added = new HashSet<>();
        for (int id = 0; id < tokenizer.size(); id++) {
            String name = tokenizer.token(id);
            int[] itself = {id};
            if (Arrays.equals(tokenizer.encode(name), itself)
                    && !Arrays.equals(tokenizer.encodeOrdinary(name), itself)) {
                added.add(id);
            }
        }
        return added;
    }

    private void write(Path target, List<Planned> plan) {
        List<Entry> entries = new ArrayList<>();
        for (var planned : plan) {
            entries.add(new Entry(planned.name(), planned.format(), planned.shape()));
            switch (planned.format()) {
                case F8_E4M3 -> entries.add(scale(planned, 128, 128));
                case F4_E2M1 -> entries.add(scale(planned, 1, 32));
                default -> {}
            }
        }
        try (var writer = SafetensorsWriter.create(target, entries)) {
            for (var planned : plan) {
                try (var arena = Arena.ofConfined()) {
                    switch (planned) {
                        case Matrix matrix -> write(matrix, writer, arena);
                        case Table table -> writer.write(routes(table, arena));
                    }
                }
            }
            writer.commit();
        }
    }

    private static Entry scale(Planned planned, int tileRows, int tileCols) {
        String name = planned.name().substring(0, planned.name().length() - "weight".length()) + "scale";
        long[] shape = planned.shape();
        return new Entry(name, Format.F8_E8M0, Math.ceilDiv(shape[0], tileRows), Math.ceilDiv(shape[1], tileCols));
    }

    private void write(Matrix matrix, SafetensorsWriter writer, Arena arena) {
        float[] values = values(matrix);
        var weight = WeightEncoder.encode(matrix.name(), matrix.format(), values, matrix.rows(), matrix.cols(), arena);
        writer.write(weight.data());
        if (weight.scale() != null) {
            writer.write(weight.scale());
        }
    }

    private Random random(String name) {
        return new Random(seed * 1_000_003 + name.hashCode());
    }

    /// Nearly normal numbers: sums of four even ones.
    private float[] values(Matrix matrix) {
        var random = random(matrix.name());
        float[] values = new float[matrix.rows() * matrix.cols()];
        for (int i = 0; i < values.length; i++) {
            float sum = random.nextFloat() + random.nextFloat() + random.nextFloat() + random.nextFloat();
            values[i] = matrix.mean() + matrix.deviation() * (SQRT_3 * (sum - 2f));
        }
        if (matrix.name().equals("head.weight")) {
            for (int id : addedTokens) {
                for (int c = 0; c < matrix.cols(); c++) {
                    values[id * matrix.cols() + c] *= ADDED_TOKEN_GAIN;
                }
            }
        }
        return values;
    }

    /// A hash layer's table: for each token id the experts it goes to, all different.
    private MemorySegment routes(Table table, Arena arena) {
        var random = random(table.name());
        MemorySegment bytes = arena.allocate((long) Long.BYTES * table.rows() * table.cols());
        for (int token = 0; token < table.rows(); token++) {
            long[] chosen = random.ints(0, table.below())
                    .distinct()
                    .limit(table.cols())
                    .asLongStream()
                    .toArray();
            for (int slot = 0; slot < chosen.length; slot++) {
                bytes.set(LONG, Long.BYTES * ((long) token * table.cols() + slot), chosen[slot]);
            }
        }
        return bytes;
    }
}
