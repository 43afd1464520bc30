package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// A checkpoint in the Hugging Face layout: `config.json`, and either `model.safetensors` or the shards that
/// `model.safetensors.index.json` lists. Tensors that a shard holds beyond the index are not part of the checkpoint.
public final class HuggingFaceCheckpoint implements Checkpoint {

    private final Path directory;
    private final Arena arena;
    private final JsonNode config;
    private final Map<String, Tensor> tensors;
    private final Map<String, Path> files;

    private HuggingFaceCheckpoint(
            Path directory, Arena arena, JsonNode config, Map<String, Tensor> tensors, Map<String, Path> files) {
        this.directory = directory;
        this.arena = arena;
        this.config = config;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.files = files;
    }

    static HuggingFaceCheckpoint openSingle(Path directory, Path file) {
        return open(directory, arena -> {
            Map<String, Tensor> tensors =
                    SafetensorsHeader.parse(file, MappedFile.map(file, arena)).tensors();
            Map<String, Path> files = new HashMap<>();
            tensors.keySet().forEach(name -> files.put(name, file));
            return new Contents(tensors, files);
        });
    }

    static HuggingFaceCheckpoint openSharded(Path directory, Path indexFile) {
        return open(directory, arena -> {
            Map<String, String> shardOf = SafetensorsIndex.read(indexFile);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Map<String, Path> files = new HashMap<>();
            for (String shard : new TreeSet<>(shardOf.values())) {
                Path file = directory.resolve(shard);
                if (!Files.exists(file) && !Files.isSymbolicLink(file)) {
                    throw new HadalException(
                            "the shard " + file + " that " + indexFile + " lists is missing; download it");
                }
                SafetensorsHeader.parse(file, MappedFile.map(file, arena))
                        .tensors()
                        .forEach((name, tensor) -> {
                            if (shard.equals(shardOf.get(name))) {
                                tensors.put(name, tensor);
                                files.put(name, file);
                            }
                        });
            }
            shardOf.forEach((name, shard) -> {
                if (!tensors.containsKey(name)) {
                    throw new HadalException("tensor " + name + " is not in " + directory.resolve(shard) + ", where "
                            + indexFile + " has it; download both files again");
                }
            });
            return new Contents(tensors, files);
        });
    }

    private record Contents(Map<String, Tensor> tensors, Map<String, Path> files) {}

    private interface Reader {
        Contents read(Arena arena);
    }

    private static HuggingFaceCheckpoint open(Path directory, Reader reader) {
        Path configFile = directory.resolve("config.json");
        JsonNode config = Json.object(configFile, MappedFile.read(configFile, Json.MAX_CONFIG_BYTES));
        Arena arena = Arena.ofShared();
        try {
            Contents contents = reader.read(arena);
            return new HuggingFaceCheckpoint(directory, arena, config, contents.tensors(), contents.files());
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /// The checkpoint's directory.
    @Override
    public Path path() {
        return directory;
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public Path fileOf(String tensor) {
        return files.getOrDefault(tensor, directory);
    }

    /// The content of `config.json`, an object.
    public JsonNode config() {
        return config;
    }

    /// Where `config.json` is, for messages.
    public Path configFile() {
        return directory.resolve("config.json");
    }

    /// `tokenizer.json`, when the checkpoint has one; a link that leads nowhere counts, so that reading it can say
    /// so.
    public Optional<Path> tokenizerJson() {
        return Optional.of(directory.resolve("tokenizer.json"))
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public void close() {
        arena.close();
    }
}
