package ai.hadal.cli;

import ai.hadal.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;

/// A run shown live on the terminal, drawn again in place. A thread of its own draws, a few times a second, so that a
/// slow terminal does not hold up the run and that the clock and a Ctrl-C show during a long step.
///
/// It changes no setting of the terminal and stays below what was there before: a killed run leaves a usable terminal
/// with its last state on it.
final class TrainDashboard implements TrainingListener, AutoCloseable {

    private static final long INTERVAL_MILLIS = 250;
    private static final long JOIN_MILLIS = 2000;
    private static final String STOPPING = "stopping: this step, then a checkpoint (Ctrl-C again: at once)";
    private static final String STOPPING_BRIEFLY = "stopping after this step";
    private static final String STOPPED = "stopped";
    private static final int WIDE = 100;

    /// Where it draws.
    interface Canvas extends AutoCloseable {

        Size size();

        void write(String text);

        @Override
        void close();
    }

    private final TrainState state;
    private final BooleanSupplier stopping;
    private final Canvas canvas;
    private final boolean styled;
    private final long began = System.nanoTime();
    private final Thread painter;
    private volatile boolean closed;
    private int shownLines;
    private int shownColumns;

    /// @param stopping whether the run was asked to stop
    /// @param styled whether text may have colours
    TrainDashboard(String recipe, BooleanSupplier stopping, Canvas canvas, boolean styled) {
        this.state = new TrainState(recipe);
        this.stopping = stopping;
        this.canvas = canvas;
        this.styled = styled;
        this.painter = Thread.ofPlatform().name("dashboard").daemon().unstarted(this::paintAgainAndAgain);
    }

    /// Opens one on standard error, which must be a terminal.
    static TrainDashboard open(String recipe, BooleanSupplier stopping) throws IOException {
        var dashboard = new TrainDashboard(recipe, stopping, terminal(), Tty.mayStyle());
        dashboard.painter.start();
        return dashboard;
    }

    private static Canvas terminal() throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.ForcedSysErr)
                .build();
        return new Canvas() {
            @Override
            public Size size() {
                return terminal.getSize();
            }

            @Override
            public void write(String text) {
                terminal.writer().write(text);
                terminal.writer().flush();
            }

            @Override
            public void close() {
                try {
                    terminal.close();
                } catch (IOException _) {
                    // Nothing on the terminal was changed, so there is nothing to restore.
                }
            }
        };
    }

    @Override
    public void started(Start start) {
        synchronized (state) {
            state.started(start);
        }
    }

    @Override
    public void stepped(Step step) {
        synchronized (state) {
            state.stepped(step);
        }
    }

    @Override
    public void saved(long step, Path folder) {
        synchronized (state) {
            state.saved(step, folder);
        }
    }

    @Override
    public void rolledBack(long step, long backTo, String reason) {
        synchronized (state) {
            state.rolledBack(step, backTo, reason);
        }
    }

    @Override
    public void finished(Path model) {
        synchronized (state) {
            state.finished(model);
        }
    }

    private void paintAgainAndAgain() {
        try {
            while (!closed) {
                paint();
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException _) {
            // Asked to end.
        }
    }

    /// Draws over what it drew before.
    void paint() {
        Size size = canvas.size();
        // A terminal that does not tell its size has none.
        int columns = size.getColumns() > 0 ? size.getColumns() : 80;
        int rows = size.getRows() > 0 ? size.getRows() : 24;
        List<AttributedString> lines;
        synchronized (state) {
            double seconds = (System.nanoTime() - began) / 1e9;
            lines = TrainScreen.lines(state, columns, rows, seconds, notice(columns));
        }
        var text = new StringBuilder();
        if (shownLines > 0) {
            // Narrowed, the terminal may have broken lines in two, and where the first is now is anyone's guess.
            text.append(columns < shownColumns ? "\u001b[H\u001b[2J" : "\r\u001b[" + shownLines + "A");
        }
        for (var line : lines) {
            text.append(styled ? line.toAnsi() : line.toString()).append("\u001b[K\r\n");
        }
        canvas.write(text.append("\u001b[J").toString());
        shownLines = lines.size();
        shownColumns = columns;
    }

    private String notice(int columns) {
        if (state.isFinished()) {
            return "";
        }
        if (closed) {
            return STOPPED;
        }
        return !stopping.getAsBoolean() ? "" : columns < WIDE ? STOPPING_BRIEFLY : STOPPING;
    }

    /// Draws the last state and leaves it there.
    @Override
    public void close() {
        closed = true;
        painter.interrupt();
        try {
            painter.join(JOIN_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (!painter.isAlive()) {
            paint();
        }
        canvas.close();
    }
}
