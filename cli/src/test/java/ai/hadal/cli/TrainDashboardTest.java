package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Size;
import org.junit.jupiter.api.Test;

/// How the live view is drawn again in place.
class TrainDashboardTest {

    private final Paper paper = new Paper();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final TrainDashboard dashboard = new TrainDashboard("nano.yaml", stopping::get, paper, false);

    @Test
    void itGoesUpAsManyLinesAsItDrew() {
        dashboard.paint();
        assertThat(paper.last()).startsWith("nano.yaml").endsWith("\u001b[K\r\n\u001b[J");
        steps(0, 3);
        dashboard.paint();
        assertThat(paper.last()).startsWith("\r\u001b[1A");
        long lines = paper.last().split("\u001b\\[K", -1).length - 1;
        dashboard.paint();
        assertThat(paper.last()).startsWith("\r\u001b[" + lines + "A");
    }

    @Test
    void aNarrowedTerminalIsClearedFirst() {
        steps(0, 3);
        dashboard.paint();
        paper.columns = 70;
        dashboard.paint();
        assertThat(paper.last()).startsWith("\u001b[H\u001b[2J");
    }

    @Test
    void plainMeansNoColours() {
        steps(0, 3);
        dashboard.paint();
        assertThat(paper.last()).doesNotContainPattern("\u001b\\[[0-9;]*m");
        var coloured = new Paper();
        new TrainDashboard("nano.yaml", () -> false, coloured, true).paint();
        assertThat(coloured.last()).containsPattern("\u001b\\[[0-9;]*m");
    }

    @Test
    void ctrlCIsAcknowledgedAndTheLastStateStays() {
        steps(0, 3);
        stopping.set(true);
        dashboard.paint();
        assertThat(paper.last()).contains("stopping after this step");
        dashboard.close();
        assertThat(paper.last()).contains(" stopped\u001b[K").contains("3/2,000");
        assertThat(paper.closed).isTrue();
    }

    @Test
    void aFinishedRunIsDone() {
        steps(1997, 2000);
        dashboard.saved(2000, Path.of("step-2000"));
        dashboard.finished(Path.of("model"));
        dashboard.close();
        assertThat(paper.last()).contains("2,000/2,000  100.0 %  done").doesNotContain("stopp");
    }

    @Test
    void aTerminalWithoutASizeIsOfTheUsualOne() {
        paper.columns = 0;
        steps(0, 3);
        dashboard.paint();
        assertThat(paper.last().lines().count()).isLessThanOrEqualTo(24);
    }

    private void steps(long from, long to) {
        dashboard.started(SimulatedTraining.start(2000, from));
        for (long i = from; i < to; i++) {
            dashboard.stepped(SimulatedTraining.step(i));
        }
    }

    private static final class Paper implements TrainDashboard.Canvas {

        private final List<String> written = new ArrayList<>();
        private int columns = 80;
        private boolean closed;

        @Override
        public Size size() {
            return new Size(columns, 24);
        }

        @Override
        public void write(String text) {
            written.add(text);
        }

        @Override
        public void close() {
            closed = true;
        }

        String last() {
            return written.getLast();
        }
    }
}
