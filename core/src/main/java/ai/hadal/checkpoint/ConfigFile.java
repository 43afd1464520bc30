package ai.hadal.checkpoint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/// The `config.json` of a model that may have no weights yet.
public final class ConfigFile {

    private ConfigFile() {}

    /// Its content, an object.
    ///
    /// @throws ai.hadal.error.HadalException when it can't be read or holds no JSON object
    public static JsonNode read(Path file) {
        return Json.object(file, MappedFile.read(file, Json.MAX_CONFIG_BYTES));
    }

    /// Its text as it stands.
    ///
    /// @throws ai.hadal.error.HadalException when it can't be read
    public static String text(Path file) {
        return new String(MappedFile.read(file, Json.MAX_CONFIG_BYTES), StandardCharsets.UTF_8);
    }

    /// The content of a text, an object.
    ///
    /// @param name of the text, for errors
    /// @throws ai.hadal.error.HadalException when it holds no JSON object
    public static JsonNode parse(Path name, String text) {
        return Json.object(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
