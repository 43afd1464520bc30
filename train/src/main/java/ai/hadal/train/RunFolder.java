package ai.hadal.train;

import ai.hadal.checkpoint.AtomicFile;
import ai.hadal.checkpoint.SafetensorsFile;
import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.checkpoint.SafetensorsWriter.Entry;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.train.data.Packer;
import ai.hadal.train.model.ParameterFile;
import ai.hadal.train.model.Parameters;
import ai.hadal.train.optimizer.Optimizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The folder of a run: its checkpoints, each complete or absent. A checkpoint is a model that the engine opens,
/// with the optimiser's state and the place in the data beside it.
final class RunFolder {

    /// Where a run is.
    ///
    /// @param step the next step
    /// @param tokens so far
    /// @param data the place in the data of the step's stage
    /// @param loss the smoothed loss
    record State(long step, long tokens, Packer.State data, double loss) {}

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final String PREFIX = "step-";

    private final Path folder;
    private final Recipe recipe;

    RunFolder(Path folder, Recipe recipe) {
        this.folder = folder;
        this.recipe = recipe;
        try {
            Files.createDirectories(checkpoints());
        } catch (IOException e) {
            throw failure(folder, e);
        }
    }

    private Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    private static HadalException failure(Path path, IOException e) {
        return new HadalException(path + " cannot be written or read (" + e + "); check space and permissions", e);
    }

    /// The newest checkpoint's folder.
    Optional<Path> latest() {
        return saved().reversed().stream().findFirst();
    }

    /// Oldest first.
    private List<Path> saved() {
        return found(PREFIX);
    }

    private List<Path> found(String prefix) {
        try (Stream<Path> found = Files.list(checkpoints())) {
            return found.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparing(path -> path.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw failure(checkpoints(), e);
        }
    }

    /// Saves a checkpoint and drops the oldest beyond what the recipe keeps.
    Path save(State state, Parameters parameters, Optimizer optimizer) {
        Path target = checkpoints().resolve(PREFIX + "%08d".formatted(state.step()));
        Path part = hidden(target, ".part");
        try {
            // What a killed run left behind.
            for (Path left : found("." + PREFIX)) {
                delete(left);
            }
            Files.createDirectories(part);
            ParameterFile.write(parameters, false, part.resolve("model.safetensors"));
            writeOptimizer(optimizer, part.resolve("optimizer.safetensors"));
            Files.copy(recipe.config(), part.resolve("config.json"));
            Files.copy(recipe.tokenizer(), part.resolve("tokenizer.json"));
            writeState(state, part.resolve("state.json"));
            drop(target);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            List<Path> saved = saved();
            for (Path old : saved.subList(
                    0, Math.max(0, saved.size() - recipe.checkpoint().keep()))) {
                drop(old);
            }
        } catch (IOException e) {
            throw failure(target, e);
        }
        return target;
    }

    private static Path hidden(Path checkpoint, String suffix) {
        return checkpoint.resolveSibling("." + checkpoint.getFileName() + suffix);
    }

    /// Hidden first, so that a kill never leaves half a checkpoint that looks whole.
    private static void drop(Path checkpoint) throws IOException {
        if (Files.exists(checkpoint)) {
            Path old = hidden(checkpoint, ".old");
            Files.move(checkpoint, old, StandardCopyOption.ATOMIC_MOVE);
            delete(old);
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static void writeOptimizer(Optimizer optimizer, Path file) {
        float[] first = optimizer.first();
        float[] second = optimizer.second();
        var entries =
                List.of(new Entry("first", Format.F32, first.length), new Entry("second", Format.F32, second.length));
        try (var writer = SafetensorsWriter.create(file, entries);
                var arena = Arena.ofConfined()) {
            for (float[] values : List.of(first, second)) {
                MemorySegment bytes = arena.allocate(4L * values.length);
                MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
                writer.write(bytes);
            }
            writer.commit();
        }
    }

    private static void writeState(State state, Path file) throws IOException {
        var json = JsonMapper.shared()
                .createObjectNode()
                .put("step", state.step())
                .put("tokens", state.tokens())
                .put("data_index", state.data().index())
                .put("data_part", state.data().part())
                .put("data_skipped", state.data().skipped())
                .put("loss", Double.doubleToLongBits(state.loss()));
        AtomicFile.write(file, out -> out.write(json.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /// Restores a checkpoint.
    static State load(Path checkpoint, Parameters parameters, Optimizer optimizer) {
        ParameterFile.read(parameters, checkpoint);
        try (var file = SafetensorsFile.open(checkpoint.resolve("optimizer.safetensors"))) {
            for (String name : List.of("first", "second")) {
                float[] values = name.equals("first") ? optimizer.first() : optimizer.second();
                var tensor = file.tensors().get(name);
                if (tensor == null || tensor.elements() != values.length) {
                    throw new HadalException(checkpoint + " belongs to another model; continue with its own recipe");
                }
                MemorySegment.copy(tensor.data(), FLOAT, 0, values, 0, values.length);
            }
        }
        Path file = checkpoint.resolve("state.json");
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
            var data = new Packer.State(
                    json.path("data_index").asLong(),
                    json.path("data_part").asInt(),
                    json.path("data_skipped").asLong());
            return new State(
                    json.path("step").asLong(),
                    json.path("tokens").asLong(),
                    data,
                    Double.longBitsToDouble(json.path("loss").asLong()));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }
}
