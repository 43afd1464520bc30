package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads `model.safetensors.index.json`: under `weight_map` the shard of every tensor.
final class SafetensorsIndex {

    private SafetensorsIndex() {}

    /// The shard's file name of every tensor, in the index's order.
    static Map<String, String> read(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = MappedFile.map(file, arena);
            if (bytes.byteSize() > Json.MAX_INDEX_BYTES) {
                throw new HadalException(file + " is " + bytes.byteSize() + " bytes long, more than the "
                        + Json.MAX_INDEX_BYTES + " an index may have; download it again");
            }
            try (JsonParser parser = Json.parser(bytes)) {
                return read(file, parser);
            } catch (JacksonException e) {
                throw Json.malformed(file.toString(), e);
            }
        }
    }

    private static Map<String, String> read(Path file, JsonParser parser) {
        Map<String, String> shardOf = new LinkedHashMap<>();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw broken(file, "is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean map = parser.currentName().equals("weight_map");
            JsonToken value = parser.nextToken();
            if (!map) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                readMap(file, parser, shardOf);
            } else {
                throw broken(file, "has a weight_map that is not a JSON object");
            }
        }
        if (parser.nextToken() != null) {
            throw broken(file, "goes on after its JSON object");
        }
        if (shardOf.isEmpty()) {
            throw broken(file, "lists no tensor under weight_map");
        }
        return shardOf;
    }

    private static void readMap(Path file, JsonParser parser, Map<String, String> shardOf) {
        // Tens of thousands of tensors share a few dozen names of shards: keep one string of each.
        Map<String, String> names = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String tensor = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw broken(file, "has no file name for tensor " + tensor);
            }
            String shard = names.computeIfAbsent(parser.getString(), name -> name);
            if (!isPlainFileName(shard)) {
                throw broken(file, "puts tensor " + tensor + " into \"" + shard + "\", which is not a plain file name");
            }
            if (shardOf.put(tensor, shard) != null) {
                throw broken(file, "lists tensor " + tensor + " twice");
            }
        }
    }

    /// Whether a name stays in the index's own directory.
    private static boolean isPlainFileName(String name) {
        return !name.isBlank()
                && !name.startsWith(".")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    }

    private static HadalException broken(Path file, String what) {
        return new HadalException(Text.printable(file + " " + what + "; download it again"));
    }
}
