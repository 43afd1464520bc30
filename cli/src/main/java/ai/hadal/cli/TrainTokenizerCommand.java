package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.train.data.ChatFile;
import ai.hadal.train.data.CurriculumTexts;
import ai.hadal.train.data.TextFile;
import ai.hadal.train.tokenizer.TokenizerTrainer;
import ai.hadal.train.tokenizer.TrainedTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// From texts to a tokenizer.json.
@Command(
        name = "train-tokenizer",
        description = "Learn a tokenizer from texts, chats or the built-in model's curriculum.",
        footer = {
            "",
            "A .jsonl file holds one chat a line, {\"messages\": [...], \"mode\": \"high\", \"tools\": [...]};",
            "any other file is UTF-8 text.",
            "Example: hadal train-tokenizer --vocab-size 8192 -o my-model notes.txt chats.jsonl"
        })
final class TrainTokenizerCommand implements Runnable {

    /// Texts are read in parts of this size.
    private static final int PART_BYTES = 1 << 20;

    private static final long NANO_SEED = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--vocab-size",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Entries of the vocabulary, named tokens included (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PATH",
            required = true,
            description = "The folder to write tokenizer.json to, or a file whose name ends with .json.")
    private Path output = Path.of("");

    @Option(
            names = "--nano",
            paramLabel = "N",
            defaultValue = "0",
            description = "Learn from N conversations of the built-in model's curriculum too.")
    private long nano;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Texts, or chats in .jsonl files.")
    private List<Path> files = List.of();

    @Override
    public void run() {
        if (nano < 0 || (files.isEmpty() && nano == 0)) {
            throw new HadalException("there is nothing to learn from; give text files, .jsonl chats or --nano N");
        }
        Path target = target();
        TrainedTokenizer trained;
        try (var progress = Progress.open()) {
            Stream<String> texts = Stream.concat(
                    files.stream().flatMap(TrainTokenizerCommand::texts), CurriculumTexts.stream(NANO_SEED, nano));
            trained = TokenizerTrainer.train(texts.iterator(), size, watcher(progress));
        }
        Path file = trained.write(target);
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%s: %d entries, %.2f bytes per token%s%n",
                        file,
                        trained.size(),
                        trained.bytesPerToken(),
                        trained.size() < size ? " (the text has no more pairs that occur twice)" : "");
    }

    /// Made before the work, so that a wrong path is told at once.
    private Path target() {
        boolean file = output.toString().endsWith(".json");
        Path folder = file ? output.toAbsolutePath().getParent() : output;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new HadalException(
                    "the folder " + folder + " cannot be made (" + e.getMessage() + "); choose another path for -o", e);
        }
        return output;
    }

    private static Stream<String> texts(Path file) {
        if (file.toString().endsWith(".jsonl")) {
            var chats = ChatFile.open(file);
            return IntStream.range(0, chats.size()).mapToObj(chats::text);
        }
        var text = TextFile.open(file, PART_BYTES);
        return IntStream.range(0, text.size()).mapToObj(text::part);
    }

    private static TokenizerTrainer.Watcher watcher(Progress progress) {
        return new TokenizerTrainer.Watcher() {
            @Override
            public void counted(long bytes) {
                progress.show(String.format(Locale.ROOT, "counting words: %.1f MB", bytes / 1e6));
            }

            @Override
            public void merged(int entries, int size) {
                progress.show("merging pairs: " + entries + " of " + size + " entries");
            }
        };
    }
}
