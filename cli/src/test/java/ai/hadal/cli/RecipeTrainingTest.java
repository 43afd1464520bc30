package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `hadal train` with a real recipe: three steps of a model with two blocks.
class RecipeTrainingTest {

    @TempDir
    private Path folder;

    private Path recipe = Path.of("");
    private Path run = Path.of("");

    @BeforeEach
    void writeRecipe() throws Exception {
        Path nano = TinyRandom.models().resolve("nano");
        var json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(nano.resolve("config.json")));
        json.put("num_hidden_layers", 2)
                .put("hidden_size", 64)
                .put("moe_intermediate_size", 32)
                .put("n_routed_experts", 4)
                .put("num_experts_per_tok", 1)
                .put("num_attention_heads", 2)
                .put("q_lora_rank", 32)
                .put("o_lora_rank", 32)
                .put("index_n_heads", 2)
                .put("index_head_dim", 32);
        json.putArray("compress_ratios").add(4).add(0).add(0);
        Files.writeString(folder.resolve("config.json"), json.toString());
        run = folder.resolve("run");
        recipe = Files.writeString(folder.resolve("small.yaml"), """
                seed: 3
                config: config.json
                tokenizer: %s
                output: model
                optimizer: {peak: 0.004, token_rate: 1, vector_rate: 1, weight_decay: 0.1, warmup: 1, decay_from: 2, last: 0.1}
                losses: {mtp: 0.3, mtp_late: 0.1, balance: 0.0001, balance_rate: 0.001}
                checkpoint: {every: 10, keep: 1}
                stages:
                  - {name: only, steps: 3, packs: 1, tokens: 64, attention: dense, indexer: 0, learn: all, weights: full,
                     cache: rounded, data: [{weight: 1, nano: {addition: 1}, modes: [1, 0, 0]}]}
                """.formatted(nano.resolve("tokenizer.json")));
    }

    private Hadal train(Object... more) {
        Object[] all = new Object[more.length + 5];
        System.arraycopy(new Object[] {"train", recipe, "--no-dashboard", "--threads", 1}, 0, all, 0, 5);
        System.arraycopy(more, 0, all, 5, more.length);
        return Hadal.run(all);
    }

    @Test
    @Tag("slow")
    void aRunStopsContinuesAndLeavesAModel() throws Exception {
        var first = train("-o", run, "--steps", 1);
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).isEmpty();
        assertThat(first.err()).contains("stopped after 1 of 3 steps", "to continue: hadal train " + recipe);
        assertThat(Hadal.run("inspect", run.resolve("checkpoints/step-00000001"))
                        .code())
                .as("a checkpoint is a model")
                .isZero();

        var again = train("-o", run, "--resume", "never");
        assertThat(again.code()).isEqualTo(Main.USAGE);
        assertThat(again.err()).contains("holds a run already");

        var rest = train("-o", run);
        assertThat(rest.code()).as(rest.err()).isZero();
        assertThat(rest.err()).contains("continues at step 1 of 3");
        Path model = folder.resolve("model");
        assertThat(rest.out().strip()).isEqualTo(model.toString());
        assertThat(Hadal.run("generate", model, "--ids", "5,6,7", "-n", 2, "--greedy")
                        .code())
                .isZero();
        assertThat(Files.readAllLines(run.resolve("log.jsonl")))
                .filteredOn(line -> line.contains("\"event\":\"step\""))
                .hasSize(3);
        assertThat(run.resolve("curves.svg")).isNotEmptyFile();
    }

    @Test
    @Tag("slow")
    void aDryRunIsMeasuredAndWritesNothing() throws Exception {
        var dry = train("--dry-run", "--json");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.json().path("output").stringValue())
                .as("the usual folder")
                .isEqualTo(Path.of("runs", "small").toString());
        assertThat(dry.json().path("model").stringValue())
                .isEqualTo(folder.resolve("model").toString());
        assertThat(dry.json().path("stages").path(0).path("tokens_per_second").doubleValue())
                .isPositive();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(folder.resolve("config.json"), recipe);
        }
        assertThat(Path.of("runs", "small")).doesNotExist();
    }

    @Test
    void aRecipeThatIsWrongIsNamedBeforeAnythingIsWritten() throws Exception {
        Files.writeString(recipe, Files.readString(recipe).replace("seed: 3", "sed: 3"));
        var refused = train("-o", run);
        assertThat(refused.code()).isEqualTo(Main.USAGE);
        assertThat(refused.err()).startsWith("hadal: " + recipe + ": ").contains("no field 'sed'");
        assertThat(run).doesNotExist();
    }
}
