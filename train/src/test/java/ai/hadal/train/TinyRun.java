package ai.hadal.train;

import ai.hadal.train.check.TinyConfig;
import ai.hadal.train.tokenizer.TokenizerTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A folder with all that a run needs: a small configuration, a vocabulary, a few conversations, a text and recipes.
final class TinyRun {

    /// Ends a run as a kill would: nothing is saved.
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final String HEAD = """
            seed: 4
            config: config.json
            tokenizer: tokenizer.json
            output: %s
            optimizer: %s
            losses: {mtp: 0.3, mtp_late: 0.1, balance: 0.0001, balance_rate: 0.001}
            checkpoint: {every: %d, keep: %d}
            stages:
            """;

    /// Rates that suit a small model.
    static final String RATES =
            "{peak: 0.01, token_rate: 1, vector_rate: 1, weight_decay: 0.1, warmup: 3, decay_from: 6, last: 0.1}";

    static final String BOTH = "[{weight: 2, chats: chats.jsonl}, {weight: 1, text: text.txt}]";

    private final Path folder;

    TinyRun(Path folder) {
        this.folder = folder;
        List<String> chats = IntStream.range(0, 12)
                .mapToObj(i -> chat("What is " + i + " plus 1?", "It is " + (i + 1) + "."))
                .toList();
        write("chats.jsonl", chats);
        // Long enough for an entry of 128 tokens.
        write("text.txt", List.of(("The sea is deep. Nobody has seen its floor. 海很深。" + "\n").repeat(20)));
        var texts = List.of(String.join("\n", chats).repeat(3), "The sea is deep. Nobody has seen its floor. 海很深。");
        var trained = TokenizerTrainer.train(texts.iterator(), TokenizerTrainer.LEAST_SIZE + 60);
        trained.write(folder);
        TinyConfig.write(TinyConfig.of(trained.size()), folder);
    }

    static String chat(String question, String answer) {
        return """
                {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}""".formatted(question, answer);
    }

    void write(String name, List<String> lines) {
        try {
            Files.write(folder.resolve(name), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A stage that computes as a new model's first steps do, on conversations and text.
    static String plain(int steps, int packs) {
        return stage("plain", steps, packs, 160, "attention: dense, indexer: 0, learn: all, weights: full", BOTH);
    }

    /// A stage that computes as the last steps of a model do.
    static String full(int steps, int packs) {
        return stage("full", steps, packs, 80, "attention: sparse, indexer: 0.5, learn: all, weights: rounded", BOTH);
    }

    static String stage(String name, int steps, int packs, int tokens, String how, String data) {
        return "  - {name: %s, steps: %d, packs: %d, tokens: %d, %s, cache: rounded, data: %s}\n"
                .formatted(name, steps, packs, tokens, how, data);
    }

    /// @param name of the recipe and of the folder that the model goes to
    /// @param every how many steps the run is saved
    /// @param keep how many checkpoints stay
    Recipe recipe(String name, String rates, int every, int keep, String... stages) {
        write(name + ".yaml", List.of(HEAD.formatted(name, rates, every, keep) + String.join("", stages)));
        return RecipeFile.read(folder.resolve(name + ".yaml"));
    }

    Path checkpoint(String run, int step) {
        return folder.resolve("runs", run, "checkpoints", "step-%08d".formatted(step));
    }

    /// Runs or continues.
    ///
    /// @param run its name: what a run keeps is in a folder of this name
    Optional<Path> train(String run, Recipe recipe, int threads, long steps, TrainingListener listener) {
        var options = new Trainer.Options(folder.resolve("runs", run), threads, true, steps);
        try (var trainer = new Trainer(recipe, options)) {
            return trainer.run(listener, () -> false);
        }
    }

    Optional<Path> train(String run, Recipe recipe, int threads) {
        return train(run, recipe, threads, Long.MAX_VALUE, new TrainingListener() {});
    }

    /// What a checkpoint holds: a hash of every file that training changes.
    List<String> bits(String run, int step) {
        List<String> bits = new ArrayList<>();
        for (String name : List.of("model.safetensors", "optimizer.safetensors", "state.json")) {
            try {
                byte[] bytes = Files.readAllBytes(checkpoint(run, step).resolve(name));
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
                bits.add(name + " " + HexFormat.of().formatHex(hash));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
        return bits;
    }

    /// Kills the run after a step.
    static TrainingListener killAfter(long step) {
        return new TrainingListener() {
            @Override
            public void stepped(Step event) {
                if (event.step() == step) {
                    throw new Killed();
                }
            }
        };
    }
}
