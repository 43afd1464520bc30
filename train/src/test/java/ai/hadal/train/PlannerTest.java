package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfigs;
import ai.hadal.train.model.Parameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

    private static int vocabulary() {
        return ModelConfigs.ofFile(nano().resolve("config.json")).vocabSize();
    }

    /// A model of the built-in one's kind, much smaller: two blocks, the first CSA, and an MTP block, each with four
    /// experts of width 32 at a hidden size of 64.
    private Path config(int vocabulary) throws Exception {
        var json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(nano().resolve("config.json")));
        json.put("vocab_size", vocabulary)
                .put("num_hidden_layers", 2)
                .put("hidden_size", 64)
                .put("moe_intermediate_size", 32)
                .put("n_routed_experts", 4)
                .put("num_experts_per_tok", 1)
                .put("num_attention_heads", 2)
                .put("head_dim", 96)
                .put("q_lora_rank", 32)
                .put("o_lora_rank", 32)
                .put("index_n_heads", 2)
                .put("index_head_dim", 32);
        json.putArray("compress_ratios").add(4).add(0).add(0);
        return Files.writeString(folder.resolve("config.json"), json.toString());
    }

    private Recipe recipe(Path config, String weights) throws Exception {
        Path file = folder.resolve("recipe.yaml");
        Files.writeString(file, """
                seed: 3
                config: %s
                tokenizer: %s
                output: model
                optimizer: {peak: 0.004, token_rate: 1, vector_rate: 1, weight_decay: 0, warmup: 2, decay_from: 20, last: 0.1}
                losses: {mtp: 0.3, mtp_late: 0.1, balance: 0.0001, balance_rate: 0.001}
                checkpoint: {every: 10, keep: 1}
                stages:
                  - {name: short, steps: 20, packs: 1, tokens: 64, attention: dense, indexer: 0, learn: all,
                     weights: full, cache: rounded, data: [{weight: 1, nano: {addition: 1}, modes: [1, 0, 0]}]}
                  - {name: long, steps: 10, packs: 3, tokens: 96, attention: sparse, indexer: 1, learn: all,
                     weights: %s, cache: rounded, data: [{weight: 1, nano: {addition: 1}, modes: [1, 0, 0]}]}
                  - {name: again, steps: 5, packs: 1, tokens: 64, attention: dense, indexer: 0, learn: all,
                     weights: full, cache: rounded, data: [{weight: 1, nano: {comparison: 1}, modes: [1, 0, 0]}]}
                """.formatted(config, nano().resolve("tokenizer.json"), weights));
        return RecipeFile.read(file);
    }

    private TrainingPlan plan(Recipe recipe) {
        return new Planner(recipe, folder.resolve("run"), 2).plan();
    }

    @Test
    @Tag("slow")
    void everyParameterIsInOnePartAndMemoryIsThatOfItsCopies() throws Exception {
        Path config = config(vocabulary());
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
        // Two blocks of four experts with three matrices; a token meets one of the four.
        assertThat(plan.parts())
                .contains(
                        new TrainingPlan.Part("routed experts", 2 * 4 * 3 * 64 * 32, 2 * 3 * 64 * 32, "Muon"),
                        new TrainingPlan.Part("embedding", 64 * vocabulary(), 64 * vocabulary(), "AdamW"),
                        new TrainingPlan.Part("router", 2 * 4 * 64 + 4, 2 * 4 * 64 + 4, "Muon, balance"));

        var memory = plan.memory();
        assertThat(memory.weights()).isEqualTo(3 * 4L * size);
        assertThat(memory.gradients()).as("three packs").isEqualTo(3 * 4L * size);
        assertThat(memory.optimizer()).isEqualTo(2 * 4L * size);
        assertThat(memory.activations() / (2 * 96)).as("for a token").isBetween(10_000L, 100_000L);
    }

    @Test
    @Tag("slow")
    void stagesAreMeasuredAndNothingIsWritten() throws Exception {
        Path config = config(vocabulary());
        var plan = plan(recipe(config, "rounded"));
        assertThat(plan.recipe()).isEqualTo(folder.resolve("recipe.yaml").toString());
        assertThat(plan.output()).isEqualTo(folder.resolve("run").toString());
        assertThat(plan.model()).isEqualTo(folder.resolve("model").toString());
        assertThat(plan.stages()).extracting(TrainingPlan.Stage::name).containsExactly("short", "long", "again");
        assertThat(plan.steps()).isEqualTo(35);
        for (var stage : plan.stages()) {
            long most = stage.name().equals("long") ? 3 * 96 : 64;
            assertThat(stage.stepTokens()).isBetween(most / 3, most);
            assertThat(stage.tokensPerSecond()).isPositive();
            assertThat(stage.flopsPerToken()).isBetween(5e5, 5e6);
        }
        assertThat(plan.stages().getLast().tokensPerSecond())
                .as("stages of one shape are measured once")
                .isEqualTo(plan.stages().getFirst().tokensPerSecond());
        assertThat(plan.peakFlops()).isPositive();
        long values = 4L * plan.parameters();
        assertThat(plan.memory().weights()).as("the stored form too").isBetween(3 * values + 1, 5 * values);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(config, folder.resolve("recipe.yaml"));
        }
    }

    @Test
    void aVocabularyOfAnotherSizeIsNamed() throws Exception {
        var recipe = recipe(config(vocabulary() + 8), "full");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> plan(recipe))
                .withMessageContaining("vocab_size of " + (vocabulary() + 8))
                .withMessageContaining(vocabulary() + " entries");
    }
}
