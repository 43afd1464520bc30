package ai.hadal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The model that comes with Hadal, in the repository.
final class EmbeddedModel {

    private EmbeddedModel() {}

    /// The folder that `hadal.home` names when the launcher starts Hadal.
    static Path home() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("models/tiny-random"))) {
            at = Objects.requireNonNull(at.getParent(), "models/tiny-random is part of the repository");
        }
        return at;
    }

    static Path folder() {
        return home().resolve("models").resolve("tiny-random");
    }
}
