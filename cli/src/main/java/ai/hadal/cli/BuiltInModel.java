package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelSize;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The small trained model that comes with Hadal: it answers where no other is named.
final class BuiltInModel {

    private BuiltInModel() {}

    /// Its folder.
    ///
    /// @param shape what a checkpoint is, for the error
    /// @throws HadalException if Hadal was started without it
    static Path folder(String shape) {
        Path folder = place();
        if (folder == null) {
            throw new HadalException("no model is named; give the path of a checkpoint: " + shape);
        }
        if (!Files.exists(folder.resolve("model.safetensors"))) {
            throw new HadalException("no model is named and " + folder
                    + " has no model.safetensors; give the path of a checkpoint: " + shape);
        }
        return folder;
    }

    /// Its tokenizer.json, or null if Hadal was started without it.
    static @Nullable Path tokenizer() {
        Path folder = place();
        Path file = folder == null ? null : folder.resolve("tokenizer.json");
        return file != null && Files.exists(file) ? file : null;
    }

    private static @Nullable Path place() {
        String home = System.getProperty("hadal.home");
        return home == null ? null : Path.of(home, "models", "nano");
    }

    /// Says which model answers, in one dim line, if people read it.
    ///
    /// @param usage how to name a large one
    static void announce(PrintWriter err, ModelConfig config, String usage) {
        if (Tty.error()) {
            String line = line(config, usage);
            err.println(Tty.mayStyle() ? Styles.dim(line) : line);
            err.flush();
        }
    }

    static String line(ModelConfig config, String usage) {
        long parameters = ModelSize.parameters(config).total();
        return "small built-in model (" + Math.round(parameters / 1e6) + " M parameters); for DeepSeek-V4: " + usage;
    }
}
