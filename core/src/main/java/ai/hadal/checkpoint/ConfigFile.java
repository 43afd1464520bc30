package ai.hadal.checkpoint;

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
}
