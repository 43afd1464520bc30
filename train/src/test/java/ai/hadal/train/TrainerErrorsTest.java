package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.train.check.TinyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong is said before a run begins.
class TrainerErrorsTest {

    private static final String HOW = "attention: dense, indexer: 0, learn: all, weights: full";

    @TempDir
    private Path folder;

    private TinyRun tiny;

    @BeforeEach
    void data() {
        tiny = new TinyRun(folder);
    }

    private Recipe recipe(String data) {
        return tiny.recipe(
                "model", TinyRun.RATES, 3, 2, TinyRun.plain(5, 1), TinyRun.stage("late", 5, 1, 64, HOW, data));
    }

    private Trainer open(Recipe recipe) {
        return new Trainer(recipe, new Trainer.Options(folder.resolve("runs"), 1, false, 9));
    }

    @ParameterizedTest
    @CsvSource({
        "chats: nowhere.jsonl, nowhere.jsonl",
        "text: nowhere.txt, nowhere.txt",
        "'nano: {additon: 1}, modes: [1, 1, 1]', there is no task 'additon'; the tasks are "
    })
    void dataOfALaterStage(String data, String message) {
        var recipe = recipe("[{weight: 1, " + data + "}]");
        assertThatThrownBy(() -> open(recipe))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aVocabularyOfAnotherSize() {
        TinyConfig.write(TinyConfig.of(2048), folder);
        assertThatThrownBy(() -> open(recipe(TinyRun.BOTH)))
                .isInstanceOf(HadalException.class)
                .hasMessageMatching(".*config.json has a vocab_size of 2048, but .*tokenizer.json has \\d+ entries; "
                        + "make them equal");
    }

    @Test
    void aFolderThatHoldsAnotherRun() throws IOException {
        Path old = Files.createDirectories(folder.resolve("runs/checkpoints/step-00000200"));
        try (var trainer = open(recipe(TinyRun.BOTH))) {
            assertThatThrownBy(() -> trainer.run(new TrainingListener() {}, () -> false))
                    .isInstanceOf(HadalException.class)
                    .hasMessage(folder.resolve("runs") + " holds a run already, up to step-00000200; continue it, or "
                            + "give a new run another folder");
        }
        assertThat(old).exists();
    }

    @Test
    void aCancelledRunIsSavedAndHasNoModel() {
        var recipe = recipe(TinyRun.BOTH);
        try (var trainer = open(recipe)) {
            int[] asked = {0};
            assertThat(trainer.run(new TrainingListener() {}, () -> asked[0]++ == 1))
                    .isEmpty();
        }
        assertThat(folder.resolve("runs/checkpoints/step-00000001/state.json")).exists();
        assertThat(recipe.output()).doesNotExist();
    }
}
