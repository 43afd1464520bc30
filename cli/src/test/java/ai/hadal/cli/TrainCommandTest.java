package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// The command around a run; the run itself is simulated.
class TrainCommandTest {

    @TempDir
    private Path folder;

    private final List<Training.Request> requests = new ArrayList<>();

    @Test
    void aRunEndsWithItsModelOnStandardOutput() {
        var run = train("nano.yaml", "--no-dashboard");
        assertThat(run.code()).isZero();
        assertThat(run.out().strip()).isEqualTo(folder.resolve("model").toString());
        assertThat(run.err()).contains("nano.yaml: 4.21 M parameters, 300 steps", "step 300/300 loss ");
        assertThat(folder.resolve("log.jsonl")).isNotEmptyFile();
        assertThat(folder.resolve("curves.svg")).isNotEmptyFile();
        assertThat(requests)
                .containsExactly(new Training.Request(
                        Path.of("nano.yaml"), null, true, Runtime.getRuntime().availableProcessors(), Long.MAX_VALUE));
    }

    @Test
    void stepsLimitsThisCommandAndSaysHowToContinue() throws Exception {
        var run = train("nano.yaml", "-o", folder, "--steps", 7);
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("stopped after 7 of 300 steps, all saved; to continue: hadal train nano.yaml -o " + folder);
        assertThat(Files.readAllLines(folder.resolve("log.jsonl")))
                .filteredOn(line -> line.contains("\"event\":\"step\""))
                .hasSize(7);
    }

    @Test
    void whatIsAskedReachesTheTrainer() {
        train("r.yaml", "--output", folder, "--resume", "never", "--threads", 3, "--steps", 1);
        assertThat(requests).containsExactly(new Training.Request(Path.of("r.yaml"), folder, false, 3, 1));
    }

    @Test
    void aDryRunShowsWhatItWouldCostAndWritesNothing() {
        var run = train("nano.yaml", "--dry-run");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .containsPattern("parameters +4\\.00 M total, 2\\.25 M active per token")
                .containsPattern("routed experts +Muon +2,000,000 +250,000 +50\\.0 %")
                .containsPattern("activations +114 MiB")
                .containsPattern("long +1,400 +4,096 +5\\.73 M +16\\.0 MFLOP +3,000 +40\\.0 % +31 min 51 s")
                .containsPattern("total +2,000 +8\\.19 M +42 min 6 s");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDryRunIsJsonToo() {
        var json = JsonMapper.shared()
                .readTree(train("nano.yaml", "--dry-run", "--json").out());
        assertThat(json.get("parameters").asLong()).isEqualTo(4_000_000);
        assertThat(json.get("memory").get("total").asLong()).isEqualTo(184_000_000);
        assertThat(json.get("stages")).hasSize(2);
        assertThat(json.get("stages").get(0).get("seconds").asDouble()).isEqualTo(614.4);
        assertThat(json.get("parts").get(2).get("active_parameters").asLong()).isEqualTo(250_000);
    }

    @ParameterizedTest
    @CsvSource({
        "--steps=0, give 1 or more",
        "--threads=0, give 1 or more",
        "--resume=later, choose auto or never",
        "--json, goes with --dry-run"
    })
    void wrongArgumentsAreNamed(String argument, String fix) {
        var run = train("nano.yaml", argument);
        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains(fix);
        assertThat(requests).isEmpty();
    }

    private Hadal train(Object... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var command = new TrainCommand(request -> {
            requests.add(request);
            return new SimulatedTraining(folder, 300, 0, request.mostSteps(), 0);
        });
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        int code = new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Hadal(code, out.toString(), err.toString());
    }
}
