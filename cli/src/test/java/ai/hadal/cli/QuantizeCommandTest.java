package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeCommandTest {

    @TempDir
    Path dir;

    @Test
    void saysWhatItWroteAndHowFarPredictionsMoved() {
        Path out = dir.resolve("small.gguf");
        var run = Hadal.run("quantize", Hadal.FLASH, "-o", out, "--format", "q8_0", "--measure", 24);
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(3);
        assertThat(run.out())
                .startsWith("wrote " + out + ": q8_0, ")
                .contains("KL(original || new): mean ")
                .contains("measured on 24 tokens of text that the original model said itself");
        assertThat(Hadal.run("inspect", out).code()).isZero();
    }

    @Test
    void forPrograms() {
        Path out = dir.resolve("model");
        var run = Hadal.run("quantize", TinyRandom.folder(), "-o", out, "--measure", 8, "--json");
        assertThat(run.code()).isZero();
        var json = run.json();
        assertThat(json.path("format").stringValue()).isEqualTo("official");
        assertThat(json.path("bytes_after").longValue())
                .isEqualTo(json.path("bytes_before").longValue())
                .isPositive();
        assertThat(json.path("tensors_copied").intValue())
                .isEqualTo(json.path("tensors").intValue());
        assertThat(json.path("divergence").path("tokens").intValue()).isEqualTo(8);
        assertThat(json.path("divergence").path("mean_kl").doubleValue()).isZero();
        assertThat(json.path("divergence").path("top1_agreement").doubleValue()).isEqualTo(1);
    }

    @Test
    void measuringCanBeLeftOut() {
        var run = Hadal.run("quantize", Hadal.FLASH, "-o", dir.resolve("model"), "--measure", 0, "--json");
        assertThat(run.code()).isZero();
        assertThat(run.json().path("divergence").isNull()).isTrue();
    }

    @Test
    void whatCannotBeDoneIsSaidBeforeAnythingIsWritten() throws Exception {
        Path there = Files.createDirectory(dir.resolve("there"));
        assertRefused("exists already; choose another name, or replace it with --force", "-o", there);
        assertRefused("there is no format `q5_k`", "-o", dir.resolve("x"), "--format", "q5_k");
        assertRefused("--measure is -1", "-o", dir.resolve("x"), "--measure", -1);
        assertRefused("no.txt does not exist", "-o", dir.resolve("x"), "--text", dir.resolve("no.txt"));
        Path text = Files.writeString(dir.resolve("text.txt"), "How deep is the sea?");
        assertRefused("has no tokenizer to read", "-o", dir.resolve("x"), "--text", text);
        try (var files = Files.list(dir)) {
            assertThat(files).containsExactlyInAnyOrder(there, text);
        }
    }

    private static void assertRefused(String part, Object... more) {
        Object[] args = new Object[more.length + 2];
        args[0] = "quantize";
        args[1] = Hadal.FLASH;
        System.arraycopy(more, 0, args, 2, more.length);
        var run = Hadal.run(args);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("hadal: ")
                .contains(part);
    }
}
