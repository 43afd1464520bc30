package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.train.TrainingListener.Start;
import ai.hadal.train.TrainingListener.Step;
import java.nio.file.Path;
import java.util.List;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the live view shows.
class TrainScreenTest {

    private final TrainState state = new TrainState("nano.yaml");

    @Test
    void beforeTheStartItSaysThatItPrepares() {
        assertThat(screen(80, 24))
                .singleElement()
                .asString()
                .startsWith("nano.yaml  preparing")
                .endsWith("1 min 1 s");
    }

    @Test
    void atTwelveRowsEveryNumberHasItsPlace() {
        run(0, 1000);
        state.saved(1000, Path.of("out", "step-1000"));
        state.rolledBack(1010, 1000, "the loss is not a number");
        var lines = screen(60, 12);
        assertThat(lines).hasSize(11);
        assertThat(lines.get(0)).matches("nano.yaml  4.21 M parameters  stage long +1 min 1 s");
        assertThat(lines.get(1)).matches("━{10}╌{11}  1,000/2,000  50.0 %  8 min 20 s left *");
        assertThat(lines.get(2)).matches("loss {11}0\\.\\d{4}    smoothed 0\\.\\d{4}  best 0\\.\\d{4}( at 999)?");
        assertThat(lines.get(3)).matches(" {15}[⠁-⣿]{44}");
        assertThat(lines.get(4)).matches("MTP loss +1\\.\\d{4} +indexer loss +0\\.0027 *");
        assertThat(lines.get(5)).matches("learning rate  3\\.00e-04 +gradient norm +0\\.\\d{4} *");
        assertThat(lines.get(6)).matches("tokens/s +8,192 +tokens +4\\.10 M *");
        assertThat(lines.get(7)).matches("compute +221 GFLOP/s +of peak +36\\.9 % *");
        assertThat(lines.get(8)).matches("experts +[▁-█]{22}  0\\.\\d\\d to 1\\.\\d\\d of even");
        assertThat(lines.get(9)).isEqualTo("checkpoint     step 1,000  out/step-1000");
        assertThat(lines.get(10)).isEqualTo("roll-back      1,010 to 1,000  the loss is not a number");
    }

    @ParameterizedTest
    @CsvSource({"60, 12", "80, 24", "81, 13", "120, 30", "160, 40", "200, 60", "60, 16", "20, 5", "1, 1"})
    void itFitsTheTerminal(int columns, int rows) {
        run(0, 700);
        state.saved(700, Path.of("a/very/long/folder/name/".repeat(20)));
        var lines = TrainScreen.lines(state, columns, rows, 1e6, "a notice that is longer than the smallest terminal");
        assertThat(lines).hasSizeLessThan(Math.max(2, rows));
        assertThat(lines).allSatisfy(line -> assertThat(line.columnLength()).isLessThan(Math.max(2, columns)));
    }

    @Test
    void onATallScreenTheCurveGrowsAndHasAScale() {
        run(0, 1000);
        var lines = screen(160, 40);
        var curve = lines.stream()
                .filter(line -> line.matches(" *[\\d.]* [⠀-⣿]{100,}"))
                .toList();
        assertThat(curve).hasSize(13);
        assertThat(curve.getFirst()).startsWith("  7.0");
        assertThat(curve.getLast()).matches("  0\\.\\d{4} .*[⠁-⣿]");
    }

    @Test
    void whatIsNotKnownIsADash() {
        state.started(new Start(10, 0, 1000, 1, 0));
        state.stepped(new Step(0, "s", 1, 1, Double.NaN, Double.NaN, 0, 0, 1, 1, 1, new float[0]));
        String all = String.join("\n", screen(80, 24));
        assertThat(all)
                .containsPattern("loss +- ")
                .containsPattern("MTP loss +- ")
                .containsPattern("of peak +- ")
                .containsPattern("experts +none")
                .containsPattern("checkpoint +none yet")
                .doesNotContain("NaN");
    }

    @Test
    void namesCannotControlTheTerminal() {
        var hostile = new TrainState("a\u001b[2Jb");
        assertThat(TrainScreen.lines(hostile, 80, 24, 0, "").getFirst().toString())
                .startsWith("a\\x1b[2Jb");
    }

    @Test
    void aNoticeTakesTheClocksPlace() {
        run(0, 5);
        assertThat(TrainScreen.lines(state, 80, 24, 0, "stopping").getFirst().toString())
                .endsWith(" stopping");
    }

    @Test
    void moreExpertsThanColumnsShareBars() {
        state.started(SimulatedTraining.start(10, 0));
        float[] load = new float[500];
        load[7] = 500;
        state.stepped(new Step(0, "s", 1, 1, 1, 1, 0, 0, 1, 1, 1, load));
        assertThat(screen(80, 24)).anyMatch(line -> line.matches("experts +█▁{30,}  0\\.00 to 500\\.00 of even"));
    }

    private void run(long from, long to) {
        state.started(SimulatedTraining.start(2000, from));
        for (long i = from; i < to; i++) {
            state.stepped(SimulatedTraining.step(i));
        }
    }

    private List<String> screen(int columns, int rows) {
        return TrainScreen.lines(state, columns, rows, 61, "").stream()
                .map(AttributedString::toString)
                .toList();
    }
}
