package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/// The picture of a run.
class CurvesTest {

    @TempDir
    private Path folder;

    @Test
    void aRunIsOneWellFormedPictureOfFivePlots() throws Exception {
        run(400);
        Curves.in(folder).draw();
        var svg = parse();
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg.getElementsByTagName("clipPath").getLength()).isEqualTo(5);
        assertThat(words())
                .contains(">loss<", ">MTP loss<", ">learning rate<", ">gradient norm<", ">tokens a second<")
                .contains("4,210,688 parameters, 400 of 2,000 steps, 1,638,400 tokens")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void itIsDrawnAtEachCheckpointAndAtTheEnd() throws IOException {
        var curves = Curves.in(folder);
        try (var log = TrainingLog.in(folder)) {
            var both = new TrainingListeners(List.of(log, curves));
            both.started(SimulatedSteps.start(0));
            both.stepped(SimulatedSteps.step(0));
            assertThat(folder.resolve(Curves.FILE)).doesNotExist();
            both.saved(1, folder.resolve("step-1"));
            String first = words();
            both.stepped(SimulatedSteps.step(1));
            both.finished(folder.resolve("model"));
            assertThat(words()).isNotEqualTo(first).contains("2 of 2,000 steps");
        }
    }

    @Test
    void aLongRunStaysASmallFile() throws IOException {
        run(2000);
        Curves.in(folder).draw();
        long small = Files.size(folder.resolve(Curves.FILE));
        assertThat(small).isLessThan(200_000);
    }

    @Test
    void stagesAndRollBacksAreMarkedAndNamesEscaped() throws Exception {
        Path named = Files.createDirectory(folder.resolve("a<b&c"));
        try (var log = TrainingLog.in(named)) {
            log.started(SimulatedSteps.start(0));
            for (int i = 0; i < 1200; i++) {
                log.stepped(SimulatedSteps.step(i));
            }
            log.rolledBack(1200, 1100, "the loss is not a number");
        }
        Curves.in(named).draw();
        String svg = Files.readString(named.resolve(Curves.FILE));
        assertThat(svg)
                .contains(">short<", ">long<", ">roll-back<", "a&lt;b&amp;c")
                .doesNotContain(">decay<");
    }

    @Test
    void aRunWithoutMtpAndWithALossThatIsNotANumberIsDrawnToo() throws Exception {
        try (var log = TrainingLog.in(folder)) {
            log.started(SimulatedSteps.start(0));
            for (int i = 0; i < 5; i++) {
                double loss = i == 2 ? Double.NaN : 3;
                log.stepped(new TrainingListener.Step(
                        i, "only", i + 1, 1, loss, Double.NaN, 0, 1e-3, 1, 1, 1, new float[0]));
            }
        }
        Curves.in(folder).draw();
        parse();
        assertThat(words()).doesNotContain("NaN", "MTP");
    }

    private void run(int steps) {
        try (var log = TrainingLog.in(folder)) {
            log.started(SimulatedSteps.start(0));
            for (int i = 0; i < steps; i++) {
                log.stepped(SimulatedSteps.step(i));
            }
        }
    }

    private String words() throws IOException {
        return Files.readString(folder.resolve(Curves.FILE), StandardCharsets.UTF_8);
    }

    private Document parse() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve(Curves.FILE).toFile());
    }
}
