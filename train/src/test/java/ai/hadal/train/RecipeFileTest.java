package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.train.Recipe.Data;
import ai.hadal.train.check.TinyConfig;
import ai.hadal.train.nano.Curriculum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A recipe says exactly what a run does; a mistake in it is told in one sentence with file, field, what was found
/// and what is needed.
class RecipeFileTest {

    private static final String RIGHT = """
            seed: 7
            config: shape/config.json
            tokenizer: ../tokenizer.json
            output: /models/new
            optimizer:
              peak: 0.004
              token_rate: 2
              vector_rate: 0.5
              weight_decay: 0.1
              warmup: 4
              decay_from: 8
              last: 0.05
            losses: {mtp: 0.3, mtp_late: 0.1, balance: 0.0001, balance_rate: 0.001}
            checkpoint: {every: 20, keep: 3}
            stages:
              - name: first
                steps: 6
                packs: 2
                tokens: 64
                attention: dense
                indexer: 0
                learn: all
                weights: full
                cache: rounded
                data:
                  - {weight: 3, nano: {addition: 4, story: 1}, modes: [15, 40, 45]}
                  - {weight: 1, text: book.txt}
              - name: second
                steps: 10
                rate: 0.25
                packs: 1
                tokens: 128
                attention: sparse
                indexer: 0.5
                learn: indexers
                weights: rounded
                cache: full
                data:
                  - {weight: 1, chats: chats.jsonl}
            """;

    @TempDir
    private Path folder;

    private Recipe read(String text) throws IOException {
        return RecipeFile.read(Files.writeString(folder.resolve("recipe.yaml"), text));
    }

    @Test
    void allThatARecipeSaysIsRead() throws IOException {
        var recipe = read(RIGHT);
        assertThat(recipe)
                .isEqualTo(new Recipe(
                        folder.resolve("recipe.yaml"),
                        7,
                        folder.resolve("shape/config.json"),
                        folder.resolveSibling("tokenizer.json"),
                        Path.of("/models/new"),
                        new Recipe.Rates(0.004, 2, 0.5, 0.1, 4, 8, 0.05),
                        new Recipe.Losses(0.3, 0.1, 0.0001, 0.001),
                        new Recipe.Saving(20, 3),
                        List.of(
                                new Recipe.Stage(
                                        "first",
                                        6,
                                        1,
                                        2,
                                        64,
                                        false,
                                        0,
                                        false,
                                        false,
                                        true,
                                        List.of(
                                                new Data.Nano(
                                                        3,
                                                        Map.of("addition", 4.0, "story", 1.0),
                                                        List.of(15.0, 40.0, 45.0)),
                                                new Data.Text(1, folder.resolve("book.txt")))),
                                new Recipe.Stage(
                                        "second",
                                        10,
                                        0.25,
                                        1,
                                        128,
                                        true,
                                        0.5,
                                        true,
                                        true,
                                        false,
                                        List.of(new Data.Chats(1, folder.resolve("chats.jsonl")))))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what stands in the recipe        | what is written instead    | what the message says
            seed: 7                            | seed: -1                   | seed is -1 where a whole number from 0 to 2147483647 is needed
            seed: 7                            | seed: x                    | seed is "x" where a whole number from 0 to 2147483647 is needed
            seed: 7                            | seed: 3000000000           | seed is 3000000000 where a whole number from 0 to 2147483647 is needed
            seed: 7                            | sead: 7                    | the recipe has no field 'sead'; the fields are checkpoint, config, losses, optimizer, output, seed, stages, tokenizer
            config: shape/config.json          | config: 3                  | config is 3 where a text is needed
            tokenizer: ../tokenizer.json       | tokenizer:                 | tokenizer is null where a text is needed
            output: /models/new                |                            | output is missing where a text is needed
            peak: 0.004                        | peak: 0                    | optimizer.peak is 0 where a number above 0 is needed
            peak: 0.004                        | peak: .nan                 | optimizer.peak is "NaN" where a number from 0 to below 1,000,000 is needed
            token_rate: 2                      | token_rate: 0.0            | optimizer.token_rate is 0.0 where a number above 0 is needed
            vector_rate: 0.5                   | vector_rate: -2            | optimizer.vector_rate is -2 where a number from 0 to below 1,000,000 is needed
            weight_decay: 0.1                  | weight_decay: 1e7          | optimizer.weight_decay is 1.0E7 where a number from 0 to below 1,000,000 is needed
            warmup: 4                          | warmup: 4.5                | optimizer.warmup is 4.5 where a whole number from 0 to 2147483647 is needed
            warmup: 4                          | warm_up: 4                 | optimizer has no field 'warm_up'; the fields are decay_from, last, peak, token_rate, vector_rate, warmup, weight_decay
            decay_from: 8                      | decay_from: 17             | optimizer.decay_from is 17 where at most the 16 steps of all stages is needed
            last: 0.05                         | last: true                 | optimizer.last is true where a number from 0 to below 1,000,000 is needed
            mtp: 0.3,                          | mtp: -0.3,                 | losses.mtp is -0.3 where a number from 0 to below 1,000,000 is needed
            mtp_late: 0.1,                     |                            | losses.mtp_late is missing where a number from 0 to below 1,000,000 is needed
            balance: 0.0001,                   | balance: [1],              | losses.balance is [1] where a number from 0 to below 1,000,000 is needed
            balance_rate: 0.001                | rate: 0.001                | losses has no field 'rate'; the fields are balance, balance_rate, mtp, mtp_late
            checkpoint: {every: 20, keep: 3}   |                            | checkpoint is missing or no mapping; add it as in recipes/nano.yaml
            every: 20                          | every: 0                   | checkpoint.every is 0 where a whole number from 1 to 2147483647 is needed
            keep: 3                            | keep: 0                    | checkpoint.keep is 0 where a whole number from 1 to 2147483647 is needed
            name: second                       | name: 2                    | stages[1].name is 2 where a text is needed
            steps: 6                           | steps: 0                   | stages[0].steps is 0 where a whole number from 1 to 2147483647 is needed
            rate: 0.25                         | rate: 0                    | stages[1].rate is 0 where a number above 0 is needed
            packs: 2                           | pakcs: 2                   | stages[0] has no field 'pakcs'; the fields are attention, cache, data, indexer, learn, name, packs, rate, steps, tokens, weights
            tokens: 64                         | tokens: 1                  | stages[0].tokens is 1 where a whole number from 2 to 2147483647 is needed
            attention: dense                   | attention: full            | stages[0].attention is full where dense or sparse is needed
            indexer: 0.5                       | indexer: 0                 | stages[1].indexer is 0 where a number above 0, as only indexers learn, is needed
            learn: all                         | learn: nothing             | stages[0].learn is nothing where all or indexers is needed
            weights: rounded                   | weights: fp4               | stages[1].weights is fp4 where full or rounded is needed
            cache: full                        | cache: no                  | stages[1].cache is no where full or rounded is needed
            - {weight: 1, text: book.txt}      | - {weight: 0, text: b.txt} | stages[0].data[1].weight is 0 where a number above 0 is needed
            text: book.txt                     | book: book.txt             | stages[0].data[1] has no field 'book'; the fields are text, weight
            text: book.txt                     | text: 1                    | stages[0].data[1].text is 1 where a text is needed
            chats: chats.jsonl                 | chats: [a, b]              | stages[1].data[0].chats is ["a","b"] where a text is needed
            chats: chats.jsonl                 | chats: a.jsonl, text: b    | stages[1].data[0] has no field 'text'; the fields are chats, weight
            addition: 4,                       | addition: 0,               | stages[0].data[0].nano.addition is 0 where a number above 0 is needed
            'nano: {addition: 4, story: 1}'    | nano: {}                   | stages[0].data[0].nano is {} where a mapping of tasks to weights is needed
            'nano: {addition: 4, story: 1}'    | nano: addition             | stages[0].data[0].nano is "addition" where a mapping of tasks to weights is needed
            'modes: [15, 40, 45]'              | 'modes: [15, 40]'          | stages[0].data[0].modes is [15,40] where three shares, non-think, high and max, is needed
            'modes: [15, 40, 45]'              | 'modes: [0, 0, 0]'         | stages[0].data[0].modes is [0,0,0] where three shares, non-think, high and max, is needed
            'modes: [15, 40, 45]'              | 'modes: [1, 1, -1]'        | stages[0].data[0].modes is [1,1,-1] where three shares, non-think, high and max, is needed
            'modes: [15, 40, 45]'              | 'modes: [a, 1, 1]'         | stages[0].data[0].modes is ["a",1,1] where three shares, non-think, high and max, is needed
            'modes: [15, 40, 45]'              | 'modes: many'              | stages[0].data[0].modes is "many" where a list with at least one entry is needed
            """)
    void aWrongFieldIsNamed(String right, String wrong, String message) throws IOException {
        assertThat(RIGHT).contains(right);
        assertSays(RIGHT.replace(right, wrong == null ? "" : wrong), message);
    }

    private void assertSays(String recipe, String message) {
        assertThatThrownBy(() -> read(recipe))
                .isInstanceOf(HadalException.class)
                .hasMessage(folder.resolve("recipe.yaml") + ": " + message);
    }

    @Test
    void aRecipeNeedsStagesAndDataAndIsAMapping() {
        String head = RIGHT.substring(0, RIGHT.indexOf("stages:"));
        assertSays(head, "stages is missing where a list with at least one entry is needed");
        assertSays(head + "stages: []", "stages is [] where a list with at least one entry is needed");
        assertSays(head + "stages: [3]", "stages[0] is missing or no mapping; add it as in recipes/nano.yaml");
        String stage = RIGHT.substring(0, RIGHT.lastIndexOf("data:"));
        assertSays(stage + "data: []\n", "stages[1].data is [] where a list with at least one entry is needed");
        assertSays("", "the recipe is missing or no mapping; add it as in recipes/nano.yaml");
        assertSays("- 1", "the recipe is missing or no mapping; add it as in recipes/nano.yaml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'seed: [1' | while parsing a flow sequence | 1",
                "'seed: 1\nseed: 2' | Duplicate Object property \"seed\" | 2",
                "'seed: 1\na: b: c' | mapping values are not allowed here | 2"
            })
    void whatIsNoYamlIsSaidInOneLine(String text, String message, int line) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith(folder.resolve("recipe.yaml") + " is not YAML: " + message)
                .hasMessageEndingWith(" in line " + line + "; correct it")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> RecipeFile.read(folder.resolve("none.yaml")))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("none.yaml")
                .hasMessageEndingWith("give the path of a recipe");
    }

    @Test
    void theRecipeOfTheBuiltInModelIsRight() {
        var recipe = RecipeFile.read(TinyConfig.inRepository("recipes/nano.yaml"));
        assertThat(recipe.config()).exists();
        assertThat(recipe.tokenizer()).exists();
        assertThat(recipe.output()).isEqualTo(recipe.config().getParent());
        assertThat(recipe.stages())
                .flatExtracting(Recipe.Stage::data)
                .filteredOn(Data.Nano.class::isInstance)
                .flatExtracting(data -> ((Data.Nano) data).tasks().keySet())
                .isNotEmpty()
                .allMatch(task -> contains(Curriculum.names(), task), "a task of the curriculum");
    }

    private static boolean contains(Iterable<String> names, Object name) {
        for (String each : names) {
            if (each.equals(name)) {
                return true;
            }
        }
        return false;
    }
}
