package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that names a checkpoint, and what is used where none is named.
final class ModelPath {

    private static final String SHAPE =
            "a folder with config.json and model.safetensors (or its shards and their index), or a .gguf file";

    @Option(
            names = {"-m", "--model"},
            paramLabel = "PATH",
            description = "The checkpoint: " + SHAPE + " (default: the tiny random model that comes with Hadal).")
    private @Nullable Path model;

    /// The checkpoint to use: the one named in the command's own parameter, else by `--model`, else the tiny random
    /// model that comes with Hadal.
    ///
    /// @param positional the command's own parameter, null where it has none or it was left out
    /// @throws HadalException if two are named or the one does not exist
    Path of(@Nullable Path positional) {
        if (positional != null && model != null) {
            throw new HadalException(
                    "two models are named, " + positional + " and, with --model, " + model + "; name one of them");
        }
        Path named = positional == null ? model : positional;
        if (named == null) {
            return standard();
        }
        if (!Files.exists(named)) {
            throw new HadalException(named + " does not exist; give the path of a checkpoint: " + SHAPE);
        }
        return named;
    }

    private static Path standard() {
        String home = System.getProperty("hadal.home");
        if (home == null) {
            throw new HadalException("no model is named; give the path of a checkpoint: " + SHAPE);
        }
        Path tiny = Path.of(home, "models", "tiny-random");
        if (!Files.exists(tiny)) {
            throw new HadalException(
                    "no model is named and " + tiny + " does not exist; give the path of a checkpoint: " + SHAPE);
        }
        return tiny;
    }
}
