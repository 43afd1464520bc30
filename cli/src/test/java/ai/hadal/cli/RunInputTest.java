package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.error.HadalException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which argument is what.
class RunInputTest {

    private static final boolean PIPED = true;
    private static final boolean TERMINAL = false;

    @TempDir
    private Path folder;

    private String model;

    @BeforeEach
    void makeModel() throws IOException {
        model = Files.createDirectory(folder.resolve("flash")).toString();
        Files.writeString(Path.of(model, "config.json"), "{}");
    }

    private static InputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RunInput sorted(boolean piped, String... arguments) {
        return RunInput.of(List.of(arguments), false, piped);
    }

    private static void refused(String sentence, boolean modelNamed, String... arguments) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> RunInput.of(List.of(arguments), modelNamed, TERMINAL))
                .withMessageContaining(sentence);
    }

    @Test
    void oneArgumentIsThePrompt() {
        assertThat(sorted(TERMINAL, "Hello")).isEqualTo(new RunInput(null, "Hello", false));
        assertThat(sorted(TERMINAL, folder.toString())).isEqualTo(new RunInput(null, folder.toString(), false));
    }

    @Test
    void ofTwoArgumentsTheFirstIsTheModel() {
        assertThat(sorted(TERMINAL, model, "Hello")).isEqualTo(new RunInput(Path.of(model), "Hello", false));
    }

    @Test
    void oneArgumentThatIsAModelLeavesThePromptToStandardInput() throws IOException {
        assertThat(sorted(PIPED, model)).isEqualTo(new RunInput(Path.of(model), "", true));
        Path gguf = Files.createFile(folder.resolve("flash.gguf"));
        assertThat(sorted(PIPED, gguf.toString())).isEqualTo(new RunInput(gguf, "", true));
        refused(model + " is a model; give it a prompt", false, model);
    }

    @Test
    void withTheOptionEveryArgumentIsThePrompt() {
        assertThat(RunInput.of(List.of(model), true, TERMINAL)).isEqualTo(new RunInput(null, model, false));
        refused("put the whole prompt in quotes", true, "Hello", "world");
    }

    @Test
    void aPromptWithoutQuotesIsExplained() {
        refused("there is no model 'Hello'; if it belongs to the prompt", false, "Hello", "world");
        refused("there are 3 arguments", false, "Hello", "my", "world");
        refused("the model's name is empty", false, "", "world");
    }

    @Test
    void withoutPromptThereIsNothingToDo() {
        refused("there is no prompt; give one", false);
        refused("there is no prompt; give one", false, "");
    }

    @Test
    void aPromptIsNotTakenForAPath() {
        String odd = "What is \0 and\nwhat is " + "x".repeat(5000) + ".gguf";
        assertThat(sorted(TERMINAL, odd).prompt()).isEqualTo(odd);
        assertThat(sorted(TERMINAL, "x".repeat(5000) + ".gguf").model()).isNull();
    }

    @Test
    void pipedTextFollowsThePromptAfterABlankLine() {
        assertThat(sorted(PIPED, "Explain:").text(input("line one\nline two\n")))
                .isEqualTo("Explain:\n\nline one\nline two");
        assertThat(sorted(PIPED).text(input("Hello\n"))).isEqualTo("Hello");
        assertThat(sorted(PIPED, "Hello").text(input(""))).isEqualTo("Hello");
    }

    @Test
    void aDashStandsForStandardInputEvenOnATerminal() {
        assertThat(sorted(TERMINAL, "-").text(input("深海\n"))).isEqualTo("深海");
        assertThat(sorted(TERMINAL, model, "-")).isEqualTo(new RunInput(Path.of(model), "", true));
    }

    @Test
    void onATerminalStandardInputIsLeftAlone() {
        var unreadable = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read");
            }
        };
        assertThat(sorted(TERMINAL, "Hello").text(unreadable)).isEqualTo("Hello");
    }

    @Test
    void emptyOrBinaryInputIsRefused() {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> sorted(PIPED).text(input(" \n")))
                .withMessageStartingWith("the prompt is empty");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> sorted(PIPED).text(new ByteArrayInputStream(new byte[] {'a', (byte) 0x80})))
                .withMessage("standard input is not UTF-8 text; convert it first");
    }
}
