package ai.hadal.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// The model that comes with Hadal, in the repository.
final class EmbeddedModel {

    private EmbeddedModel() {}

    /// The folder that `hadal.home` names when the launcher starts Hadal.
    static Path home() {
        Path at = Path.of("").toAbsolutePath();
        while (at.getParent() != null && !Files.isDirectory(at.resolve("models/tiny-random"))) {
            at = at.getParent();
        }
        assumeTrue(at.getParent() != null, "models/tiny-random is there");
        return at;
    }

    static Path folder() {
        return home().resolve("models").resolve("tiny-random");
    }
}
