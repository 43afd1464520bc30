package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.Backends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every command that runs a model accepts and refuses.
class ModelOptionsTest {

    @TempDir
    private Path folder;

    @AfterEach
    void forgetHome() {
        System.clearProperty("hadal.home");
    }

    @Test
    void theModelIsNamedByParameterOrOption() {
        var byParameter = Hadal.run("generate", Hadal.FLASH, "--ids", "1,2", "-n", 3, "--greedy");
        var byOption = Hadal.run("generate", "-m", Hadal.FLASH, "--ids", "1,2", "-n", 3, "--greedy");
        assertThat(byParameter.code()).isZero();
        assertThat(byOption).isEqualTo(byParameter);
    }

    @Test
    void withoutANameItIsTheBuiltInModelOfTheCheckout() throws Exception {
        Path builtIn = folder.resolve("models").resolve("nano");
        Files.createDirectories(builtIn);
        Hadal.copy(Hadal.FLASH, builtIn);
        System.setProperty("hadal.home", folder.toString());
        assertThat(Hadal.run("generate", "--ids", "1,2", "-n", 3, "--greedy"))
                .isEqualTo(Hadal.run("generate", Hadal.FLASH, "--ids", "1,2", "-n", 3, "--greedy"));
    }

    @Test
    void withoutANameAndTheBuiltInModelItSaysWhatACheckpointIs() {
        System.setProperty("hadal.home", folder.toString());
        var run = Hadal.run("generate", "--ids", "1");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(
                        folder.resolve("models").resolve("nano") + " has no model.safetensors", "config.json", ".gguf");
        System.clearProperty("hadal.home");
        assertThat(Hadal.run("generate", "--ids", "1").err()).startsWith("hadal: no model is named; ");
    }

    @Test
    void aPathThatDoesNotExistIsNamed() {
        var run = Hadal.run("generate", folder.resolve("nowhere"), "--ids", "1");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("hadal: " + folder.resolve("nowhere") + " does not exist; ")
                .contains("config.json", ".gguf");
    }

    @Test
    void twoNamesAreOneTooMany() {
        var run = Hadal.run("generate", Hadal.FLASH, "-m", Hadal.FP4, "--ids", "1");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(Hadal.FLASH.toString(), Hadal.FP4.toString(), "name one of them");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--profile    | f64     | there is no numerics profile `f64`; choose auto, f32 or int8",
                "--qat        | maybe   | --qat is `maybe`; choose on, off or full",
                "--speculative | maybe | --speculative is `maybe`; choose auto, off, lookup or mtp",
                "--draft-max  | 17      | the most tokens to draft (--draft-max) are 17; they must be 0 to 16",
                "--backend    | abacus  | there is no backend `abacus`; choose cpu or reference",
                "--threads    | 0       | the number of threads is 0; it must be 1 to 1024",
                "--cpu-bind   | socket  | --cpu-bind is `socket`; choose node, core or off",
                "--batch-size | 0       | the prefill chunk (--batch-size) is 0 tokens; it must be 1 to",
                "--ctx-size   | -1      | the context length is -1; it must be 1 or more",
            })
    void aWrongValueIsOneSentenceAndExitCodeTwo(String option, String value, String sentence) {
        var run = Hadal.run("generate", Hadal.FLASH, "--ids", "1", option, value);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().startsWith("hadal: " + sentence);
    }

    @Test
    void int8RoundsAsItDoes() {
        var run = Hadal.run("generate", Hadal.FP4, "--ids", "1", "--profile", "int8", "--qat", "full");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("hadal: --qat full belongs to --profile f32; leave one of the two out");
    }

    /// The default of an official folder never depends on the machine.
    @Test
    void officialFoldersStayFloatAndGgufFilesAreMadeForIntegers(@TempDir Path dir) {
        Path file = dir.resolve("model.gguf");
        Path config = Hadal.FP4.resolve("config.json");
        assertThat(Hadal.run("synth", "--config", config, "-o", file).code()).isZero();
        assertThat(profile(Hadal.FP4)).isEqualTo("f32");
        assertThat(profile(file)).isEqualTo(Backends.hasIntegerKernels() ? "int8" : "f32");
        assertThat(profile(file, "--profile", "f32")).isEqualTo("f32");
        assertThat(profile(file, "--qat", "off")).isEqualTo("f32-qat-off");
        assertThat(profile(Hadal.FP4, "--profile", "int8")).isEqualTo("int8");
    }

    private static String profile(Path model, String... options) {
        var args = new ArrayList<Object>(List.of("generate", model, "--ids", "1", "-n", 1, "--json"));
        args.addAll(List.of(options));
        var run = Hadal.run(args.toArray());
        assertThat(run.code()).as(run.err()).isZero();
        return run.json().get("profile").stringValue();
    }

    @Test
    void roundingChangesResultsAndThreadsDoNot() throws Exception {
        byte[] on = logits("--qat", "on");
        assertThat(logits("--threads", "1")).isEqualTo(on);
        assertThat(logits("--threads", "3", "--batch-size", "7")).isEqualTo(on);
        assertThat(logits("--qat", "off")).isNotEqualTo(on);
        assertThat(logits("--qat", "full")).isNotEqualTo(on);
    }

    private byte[] logits(String... options) throws Exception {
        Path out = folder.resolve("logits.safetensors");
        Object[] args = new Object[6 + options.length];
        System.arraycopy(new Object[] {"logits", Hadal.FP4, "--ids", "1,2,3,4,5,6,7,8,9", "--out", out}, 0, args, 0, 6);
        System.arraycopy(options, 0, args, 6, options.length);
        assertThat(Hadal.run(args).code()).isZero();
        byte[] file = Files.readAllBytes(out);
        int header = java.nio.ByteBuffer.wrap(file)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(0);
        return java.util.Arrays.copyOfRange(file, 8 + header, file.length);
    }
}
