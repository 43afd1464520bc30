package ai.hadal.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// `models/tiny-random`, the model for tests that need one whole.
final class TinyRandom {

    private TinyRandom() {}

    static Path folder() {
        return models().resolve("tiny-random");
    }

    /// The repository's models.
    static Path models() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("models/tiny-random"))) {
            at = Objects.requireNonNull(at.getParent(), "models/tiny-random is part of the repository");
        }
        return at.resolve("models");
    }

    /// Puts it into a folder in the built-in model's place, so that `hadal.home` may name the folder.
    static Path asBuiltIn(Path home) {
        try {
            return Hadal.copy(
                    folder(), Files.createDirectories(home.resolve("models").resolve("nano")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
