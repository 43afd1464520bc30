package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.error.HadalException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line = Main.commandLine();

    @BeforeEach
    void captureStreams() {
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    }

    /// Runs `hadal probe`, a command whose body is the given one.
    private int run(Callable<Integer> body, String... options) {
        line.addSubcommand("probe", new Probe(body));
        captureStreams();
        var args = new String[options.length + 1];
        args[0] = "probe";
        System.arraycopy(options, 0, args, 1, options.length);
        return line.execute(args);
    }

    @Command
    private record Probe(Callable<Integer> body) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return body.call();
        }
    }

    @Test
    void withoutACommandItShowsTheHelp() {
        assertThat(line.execute()).isZero();
        assertThat(out.toString()).startsWith("Usage: hadal ").contains("completion", "version");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionNamesHadalJavaAndTheSystem() {
        assertThat(line.execute("--version")).isZero();
        assertThat(out.toString())
                .containsPattern("(?m)^hadal ")
                .contains("java " + Runtime.version(), "os " + System.getProperty("os.name"));
        String option = out.toString();
        out.getBuffer().setLength(0);
        assertThat(line.execute("version")).isZero();
        assertThat(out.toString()).isEqualTo(option);
    }

    @Test
    void wrongUsageIsTwoLinesAndExitCodeTwo() {
        assertThat(line.execute("version", "--nope")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("hadal: Unknown option: '--nope'", "See 'hadal version --help'.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aMistypedCommandGetsASuggestion() {
        assertThat(line.execute("versoin")).isEqualTo(2);
        assertThat(err.toString()).contains("versoin", "hadal version");
    }

    @Test
    void badInputIsItsOneSentenceAndExitCodeTwo() {
        int code = run(() -> {
            throw new HadalException("model.gguf: the file ends inside the header; download it again.");
        });
        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("hadal: model.gguf: the file ends inside the header; download it again.");
    }

    @Test
    void aFailureIsOneLineAndExitCodeOne() {
        int code = run(() -> {
            throw new IllegalStateException("no room");
        });
        assertThat(code).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("hadal: IllegalStateException: no room (--debug shows where)");
    }

    @Test
    void debugShowsTheStackTrace() {
        int code = run(
                () -> {
                    throw new IllegalStateException("no room");
                },
                "--debug");
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("\tat ai.hadal.cli.MainTest");
    }

    @Test
    void aCommandsExitCodeIsHadals() {
        assertThat(run(() -> 1)).isEqualTo(1);
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(line.execute("completion")).isZero();
        assertThat(out.toString()).startsWith("#!").contains("complete", "version", "--help");
    }

    @Test
    void textHasNoColoursOffATerminal() {
        line.execute("--help");
        assertThat(out.toString()).doesNotContain("\u001b");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : line.getSubcommands().keySet()) {
            out.getBuffer().setLength(0);
            assertThat(line.execute(command, "--help")).as(command).isZero();
            assertThat(out.toString()).contains("Usage: hadal " + command);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aMistypedOptionGetsASuggestion() {
        assertThat(line.execute("version", "--hlep")).isEqualTo(2);
        assertThat(err.toString().lines()).first().isEqualTo("hadal: Unknown option: '--hlep'; did you mean --help?");
    }

    @Test
    void aFullHeapIsASentenceWithTheWayOut() {
        int code = run(() -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("hadal: the Java heap of ")
                .contains("--ctx-size", "HADAL_JAVA_OPTS");
    }

    @Test
    void aFileThatVanishesUnderItsMappingIsASentence() {
        int code = run(() -> {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        });
        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("a model file could not be read");
    }

    @Test
    void otherErrorsAreOneLineToo() {
        int code = run(() -> {
            throw new StackOverflowError();
        });
        assertThat(code).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly("hadal: StackOverflowError (--debug shows where)");
    }

    @Test
    void aMessageStaysOnOneLine() {
        run(() -> {
            throw new HadalException("two\nlines\tand \u001b[31mred");
        });
        assertThat(err.toString().lines()).containsExactly("hadal: two\\nlines\\tand \\x1b[31mred");
    }
}
