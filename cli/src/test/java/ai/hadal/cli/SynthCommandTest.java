package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthCommandTest {

    @TempDir
    Path dir;

    private final Path config = TinyRandom.folder().resolve("config.json");

    @Test
    void writesWhatOtherCommandsRead() {
        Path file = dir.resolve("model.gguf");
        var run = Hadal.run("synth", "--config", config, "-o", file, "--seed", 5);
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("wrote " + file + ": mxfp4, ").contains(" random parameters, ", "seed 5");
        assertThat(Hadal.run("inspect", file).code()).isZero();

        Path folder = dir.resolve("model");
        assertThat(Hadal.run("synth", "--config", config, "-o", folder).out()).contains(": official, ");
        assertThat(Hadal.run("inspect", folder).code()).isZero();
    }

    @Test
    void bringsATokenizerAlong() {
        Path file = dir.resolve("model.gguf");
        Path tokenizer = TinyRandom.folder().resolve("tokenizer.json");
        var run = Hadal.run("synth", "--config", config, "-o", file, "--tokenizer", tokenizer);
        assertThat(run.code()).isZero();
        assertThat(Hadal.run("tokenize", "--model", file, "the sea").out())
                .isEqualTo(Hadal.run("tokenize", "--model", TinyRandom.folder(), "the sea")
                        .out());
    }

    /// Rows that only fill up the vocabulary are predicted like others, and mean no text.
    @Test
    void aVocabularyLargerThanTheTokenizersCanBeRun() throws Exception {
        Path larger = dir.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(larger, text.replaceAll("\"vocab_size\": \\d+", "\"vocab_size\": 20000"));
        Path folder = dir.resolve("model");
        assertThat(Hadal.run("synth", "--config", larger, "-o", folder).code()).isZero();
        var run = Hadal.run("bench", folder, "-p", 0, "-n", 24, "-d", 0, "-r", 1, "--warm-up", 0);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void wrongInputIsSaidInOneSentence() throws Exception {
        Path out = dir.resolve("x.gguf");
        assertRefused("give the model's shape: a preset, mid or slice, or --config FILE", "-o", out);
        assertRefused("but not both", "mid", "--config", config, "-o", out);
        assertRefused("there is no preset `huge`; choose mid, slice", "huge", "-o", out);
        assertRefused("there is no format `q5_k`", "mid", "-o", out, "--format", "q5_k");
        assertRefused("no.json does not exist", "--config", dir.resolve("no.json"), "-o", out);
        try (var files = Files.list(dir)) {
            assertThat(files).isEmpty();
        }
    }

    private static void assertRefused(String part, Object... args) {
        Object[] all = new Object[args.length + 1];
        all[0] = "synth";
        System.arraycopy(args, 0, all, 1, args.length);
        var run = Hadal.run(all);
        assertThat(run.code()).isEqualTo(Main.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(part);
    }
}
