package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfigs;
import ai.hadal.train.model.Parameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a recipe costs, told beforehand.
class PlannerTest {

    @TempDir
    private Path folder;

    private static Path nano() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("models/nano/config.json"))) {
            at = Objects.requireNonNull(at.getParent(), "models/nano is part of the repository");
        }
        return at.resolve("models/nano");
    }

    private Recipe recipe(Path config, String weights) throws Exception {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(file, """
                seed: 3
                config: %s
                tokenizer: %s
                output: model
                optimizer: {peak: 0.004, token_rate: 1, vector_rate: 1, weight_decay: 0.1, warmup: 2, decay_from: 20, last: 0.1}
                losses: {mtp: 0.3, mtp_late: 0.1, balance: 0.0001, balance_rate: 0.001}
                checkpoint: {every: 10, keep: 1}
                stages:
                  - {name: short, steps: 20, packs: 1, tokens: 64, attention: dense, indexer: 0, learn: all,
                     weights: full, cache: rounded, data: [{weight: 1, nano: {addition: 1}, modes: [1, 0, 0]}]}
                  - {name: long, steps: 10, packs: 3, tokens: 96, attention: sparse, indexer: 1, learn: all,
                     weights: %s, cache: rounded, data: [{weight: 1, nano: {addition: 1}, modes: [1, 0, 0]}]}
                """.formatted(config, nano().resolve("tokenizer.json"), weights));
        return RecipeFile.read(file);
    }

    private TrainingPlan plan(Recipe recipe) {
        return new Planner(recipe, folder.resolve("run"), 2).plan();
    }

    @Test
    void everyParameterIsInOnePart() throws Exception {
        Path config = nano().resolve("config.json");
        var plan = plan(recipe(config, "full"));
        int size = new Parameters(ModelConfigs.ofFile(config)).size();
        assertThat(plan.parameters()).isEqualTo(size);
        assertThat(plan.parts())
                .extracting(TrainingPlan.Part::name)
                .containsExactly(
                        "embedding",
                        "attention",
                        "compressors",
                        "indexer",
                        "router",
                        "routed experts",
                        "shared experts",
                        "mHC",
                        "norms",
                        "head",
                        "MTP");
        // 5 blocks of 8 experts with three matrices of 128 x 128; a token meets two of the eight.
        assertThat(plan.parts())
                .contains(
                        new TrainingPlan.Part("routed experts", 5 * 8 * 3 * 128 * 128, 5 * 2 * 3 * 128 * 128, "Muon"),
                        new TrainingPlan.Part("embedding", 2048 * 128, 2048 * 128, "AdamW"));
        assertThat(plan.parts())
                .filteredOn(part -> part.name().equals("router"))
                .singleElement()
                .extracting(TrainingPlan.Part::optimizer)
                .isEqualTo("Muon, balance");
    }

    @Test
    void stagesAreMeasuredAndNothingIsWritten() throws Exception {
        var plan = plan(recipe(nano().resolve("config.json"), "full"));
        assertThat(plan.recipe()).isEqualTo(folder.resolve("recipe.yaml").toString());
        assertThat(plan.output()).isEqualTo(folder.resolve("run").toString());
        assertThat(plan.model()).isEqualTo(folder.resolve("model").toString());
        assertThat(plan.stages()).extracting(TrainingPlan.Stage::name).containsExactly("short", "long");
        assertThat(plan.steps()).isEqualTo(30);
        for (var stage : plan.stages()) {
            int most = stage.name().equals("short") ? 64 : 3 * 96;
            assertThat(stage.stepTokens()).isBetween(most / 3L, (long) most);
            assertThat(stage.tokensPerSecond()).isPositive();
            assertThat(stage.flopsPerToken()).isBetween(6e6, 4e7);
        }
        assertThat(plan.peakFlops()).isGreaterThan(1e9);
        assertThat(folder).isDirectoryNotContaining("regex:.*(run|model)");
    }

    @Test
    void memoryIsThatOfValuesBuffersAndMoments() throws Exception {
        Path config = nano().resolve("config.json");
        long values = 4L * new Parameters(ModelConfigs.ofFile(config)).size();
        var full = plan(recipe(config, "full")).memory();
        assertThat(full.weights()).isEqualTo(3 * values);
        assertThat(full.gradients()).isEqualTo(3 * values);
        assertThat(full.optimizer()).isEqualTo(2 * values);
        // Two threads, each with the longest pack.
        assertThat(full.activations() / (2 * 96)).isBetween(50_000L, 500_000L);
        // The stored form is made anew before the old one goes.
        assertThat(plan(recipe(config, "rounded")).memory().weights()).isBetween(3 * values, 5 * values);
    }

    @Test
    void aVocabularyOfAnotherSizeIsNamed() throws Exception {
        Path config = folder.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(nano().resolve("config.json")).replace("\"vocab_size\": 2048", "\"vocab_size\": 2056"));
        var recipe = recipe(config, "full");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> plan(recipe))
                .withMessageContaining("vocab_size of 2056")
                .withMessageContaining("2048 entries");
    }
}
