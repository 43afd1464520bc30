package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A run told in plain lines.
class TrainLinesTest {

    private static final long SECOND = 1_000_000_000;

    private final StringWriter text = new StringWriter();
    private long now;
    private final TrainLines lines = new TrainLines("nano.yaml", new PrintWriter(text), () -> now);

    @Test
    void aQuickRunIsToldEveryTwoSecondsAtMost() {
        run(0, 1000, SECOND / 100);
        assertThat(told()).hasSize(5);
        assertThat(told().get(1)).startsWith("step 201/2000 loss ");
    }

    @Test
    void aModerateRunIsToldEveryFiftySteps() {
        run(0, 101, SECOND / 10);
        assertThat(told()).hasSize(3).last().asString().startsWith("step 101/");
    }

    @Test
    void aSlowRunIsToldEveryThirtySeconds() {
        run(0, 10, 20 * SECOND);
        assertThat(told()).hasSize(5);
    }

    @Test
    void aLineHasWhatMatters() {
        run(150, 151, SECOND);
        assertThat(told().getFirst())
                .matches("step 151/2000 loss 3\\.\\d+ smoothed 3\\.\\d+ mtp 4\\.\\d+ rate 3\\.00e-04 norm 0\\.\\d+ "
                        + "tokens/s 8192 peak 36\\.9 % left 15 min 25 s");
        assertThat(text.toString()).contains("continues at step 150 of 2000").contains("stage short");
    }

    @Test
    void theLastStepAndEveryEventAreTold() {
        run(1998, 2000, 0);
        lines.saved(2000, Path.of("step-2000"));
        lines.rolledBack(1999, 1990, "a spike\u001b[2J");
        assertThat(text.toString().lines())
                .anyMatch(line -> line.startsWith("step 2000/2000 "))
                .contains("saved step 2000 in step-2000", "rolled back from step 1999 to 1990: a spike\\x1b[2J");
    }

    private void run(long from, long to, long pause) {
        lines.started(SimulatedTraining.start(2000, from));
        for (long i = from; i < to; i++) {
            lines.stepped(SimulatedTraining.step(i));
            now += pause;
        }
    }

    private List<String> told() {
        return text.toString().lines().filter(line -> line.startsWith("step ")).toList();
    }
}
