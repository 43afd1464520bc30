package ai.hadal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder appears whole or not at all.
class PartFolderTest {

    @TempDir
    Path dir;

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNameAppearsAtTheEnd() throws Exception {
        Path target = dir.resolve("model");
        try (var folder = PartFolder.create(target)) {
            Files.writeString(folder.path().resolve("config.json"), "{}");
            assertThat(target).doesNotExist();
            folder.commit();
        }
        assertThat(names(dir)).containsExactly("model");
        assertThat(names(target)).containsExactly("config.json");
    }

    @Test
    void withoutACommitNothingStays() throws Exception {
        try (var folder = PartFolder.create(dir.resolve("model"))) {
            Files.writeString(folder.path().resolve("config.json"), "{}");
        }
        assertThat(names(dir)).isEmpty();
    }

    @Test
    void anOlderFolderLosesItsWeightsAndKeepsWhatIsNoneOfOurs() throws Exception {
        Path target = Files.createDirectory(dir.resolve("model"));
        for (String name : List.of(
                "model-00001-of-00002.safetensors", "model.safetensors.index.json", "config.json", "notes.txt")) {
            Files.writeString(target.resolve(name), "old");
        }
        try (var folder = PartFolder.create(target)) {
            Files.writeString(folder.path().resolve("config.json"), "new");
            Files.writeString(folder.path().resolve("model.safetensors"), "new");
            folder.commit();
        }
        assertThat(names(target)).containsExactly("config.json", "model.safetensors", "notes.txt");
        assertThat(target.resolve("config.json")).hasContent("new");
        assertThat(names(dir)).containsExactly("model");
    }

    @Test
    void aPlaceThatIsNotThereIsNamed() {
        Path target = dir.resolve("no/model");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> PartFolder.create(target))
                .withMessageContaining(target.toString());
    }
}
