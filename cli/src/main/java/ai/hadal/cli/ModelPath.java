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
            description = "The checkpoint: " + SHAPE + " (default: the small model that comes with Hadal).")
    private @Nullable Path model;

    /// Whether a model is named at all.
    ///
    /// @param positional as in [#of]
    boolean isNamed(@Nullable Path positional) {
        return positional != null || model != null;
    }

    /// What is named, here or elsewhere; null if nothing is.
    ///
    /// @param positional as in [#of]
    /// @throws HadalException if two are named
    @Nullable
    Path named(@Nullable Path positional) {
        if (positional != null && model != null) {
            throw new HadalException(
                    "two models are named, " + positional + " and, with --model, " + model + "; name one of them");
        }
        return positional == null ? model : positional;
    }

    /// The checkpoint to use: the one named in the command's own parameter, else by `--model`, else the built-in
    /// model.
    ///
    /// @param positional the command's own parameter, null where it has none or it was left out
    /// @throws HadalException if two are named or the one does not exist
    Path of(@Nullable Path positional) {
        Path named = named(positional);
        if (named == null) {
            return BuiltInModel.folder(SHAPE);
        }
        if (!Files.exists(named)) {
            throw new HadalException(named + " does not exist; give the path of a checkpoint: " + SHAPE);
        }
        return named;
    }
}
