package ai.hadal.cli;

import ai.hadal.train.TrainingListener.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// A training run as lines of text that fit a terminal: a pure function of what is known and of the space.
final class TrainScreen {

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle DIM = PLAIN.faint();
    private static final AttributedStyle STRONG = PLAIN.bold();
    private static final AttributedStyle PICTURE = PLAIN.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle WARNING = PLAIN.foreground(AttributedStyle.YELLOW);

    /// Lines that are always there: header, bar, losses, experts, checkpoint, roll-back.
    private static final int FIXED = 6;
    private static final int GAPS = 3;
    private static final int LABEL = 15;
    private static final int CELL = 29;
    private static final int MOST_CELLS = 4;
    private static final int SCALE = 9;
    private static final double MUCH = 1.5;
    private static final double LITTLE = 0.5;

    private final TrainState state;
    private final int width;
    private final int height;
    private final List<AttributedString> lines = new ArrayList<>();

    private TrainScreen(TrainState state, int columns, int rows) {
        this.state = state;
        // In the last column a terminal would wrap, in the last row it would scroll.
        this.width = Math.max(1, columns - 1);
        this.height = Math.max(1, rows - 1);
    }

    /// The lines, none wider than a column less than there are, and fewer than there are rows.
    ///
    /// @param seconds since the command began
    /// @param notice what the user must know now, or nothing
    static List<AttributedString> lines(TrainState state, int columns, int rows, double seconds, String notice) {
        var screen = new TrainScreen(state, columns, rows);
        screen.compose(seconds, notice);
        return screen.lines.stream()
                .limit(screen.height)
                .map(line -> line.columnSubSequence(0, screen.width))
                .toList();
    }

    private void compose(double seconds, String notice) {
        header(seconds, notice);
        var step = state.last();
        if (step == null) {
            return;
        }
        bar();
        var facts = facts(step);
        int across = Math.clamp(width / CELL, 1, MOST_CELLS);
        int factLines = (facts.size() + across - 1) / across;
        int spare = height - FIXED - factLines - 1;
        boolean airy = spare >= GAPS + 1;
        gap(airy);
        losses(step);
        // A third of the screen, and a row left free below.
        chart(Math.clamp(spare - (airy ? GAPS : 0), 1, Math.max(1, height / 3)));
        gap(airy);
        for (int i = 0; i < facts.size(); i += across) {
            var line = new AttributedStringBuilder();
            for (var fact : facts.subList(i, Math.min(i + across, facts.size()))) {
                line.append(fact.padded(width / across));
            }
            lines.add(line.toAttributedString());
        }
        gap(airy);
        experts(step.expertLoad());
        checkpoint();
        rollBack();
    }

    private void gap(boolean wanted) {
        if (wanted) {
            lines.add(AttributedString.EMPTY);
        }
    }

    private void header(double seconds, String notice) {
        var left = new AttributedStringBuilder().append(TerminalText.line(state.recipe()), STRONG);
        var start = state.start();
        if (start != null) {
            left.append("  ").append(Shown.count(start.parameters())).append(" parameters");
        }
        var step = state.last();
        if (step != null) {
            left.append("  stage ", DIM).append(TerminalText.line(step.stage()));
        }
        if (step == null && notice.isEmpty()) {
            left.append("  preparing", DIM);
        }
        var right = notice.isEmpty()
                ? new AttributedString(Shown.duration(seconds), DIM)
                : new AttributedString(notice, WARNING);
        int room = Math.max(0, width - right.columnLength() - 1);
        var line =
                new AttributedStringBuilder().append(left.toAttributedString().columnSubSequence(0, room));
        line.append(" ".repeat(Math.max(1, width - line.columnLength() - right.columnLength())));
        lines.add(line.append(right).toAttributedString());
    }

    private void bar() {
        double share = state.total() > 0 ? Math.min(1, (double) state.done() / state.total()) : 0;
        String left = state.isFinished() ? "done" : Shown.duration(state.secondsLeft()) + " left";
        // Room for the longest of each, so that the bar does not jump.
        String words = String.format(
                Locale.ROOT,
                "  %s/%s  %4.1f %%  %-15s",
                Shown.whole(state.done()),
                Shown.whole(state.total()),
                100 * share,
                left);
        int cells = Math.max(4, width - words.length());
        int full = (int) (share * cells);
        lines.add(new AttributedStringBuilder()
                .append("━".repeat(full), PICTURE)
                .append("╌".repeat(cells - full), DIM)
                .append(words)
                .toAttributedString());
    }

    private void losses(Step step) {
        var losses = state.losses();
        var line = label("loss")
                .append(String.format(Locale.ROOT, "%-9s ", value(step.loss())), STRONG)
                .append("smoothed ", DIM)
                .append(value(losses.smoothed()))
                .append("  best ", DIM)
                .append(value(losses.best()));
        String at = losses.bestStep() < 0 ? "" : " at " + Shown.whole(losses.bestStep());
        if (line.columnLength() + at.length() <= width) {
            line.append(at, DIM);
        }
        lines.add(line.toAttributedString());
    }

    private void chart(int rows) {
        double[] values = state.losses().recent();
        boolean scaled = rows > 2 && values.length > 0;
        int columns = Math.max(1, width - (scaled ? SCALE : LABEL));
        double[] shown = Sparkline.stretches(values, 2 * columns);
        // By ratios, else the first steps would press all later progress flat.
        boolean ratios = shown.length > 0 && min(shown) > 0;
        var curve =
                Sparkline.curve(ratios ? DoubleStream.of(shown).map(Math::log).toArray() : shown, columns, rows);
        for (int row = 0; row < rows; row++) {
            String scale = "";
            if (scaled && (row == 0 || row == rows - 1)) {
                double edge = row == 0 ? max(shown) : min(shown);
                scale = String.format(Locale.ROOT, "%" + (SCALE - 1) + "s ", value(edge));
            }
            lines.add(new AttributedStringBuilder()
                    .append(scale.isEmpty() ? " ".repeat(scaled ? SCALE : LABEL) : scale, DIM)
                    .append(curve.get(row), PICTURE)
                    .toAttributedString());
        }
    }

    /// A name and its value.
    private record Fact(String name, String value) {

        AttributedString padded(int width) {
            var cell = label(name).append(value);
            return cell.append(" ".repeat(Math.max(1, width - cell.columnLength())))
                    .toAttributedString()
                    .columnSubSequence(0, width);
        }
    }

    private List<Fact> facts(Step step) {
        return List.of(
                new Fact("MTP loss", value(step.mtpLoss())),
                new Fact("indexer loss", value(step.indexerLoss())),
                new Fact("learning rate", String.format(Locale.ROOT, "%.2e", step.learningRate())),
                new Fact("gradient norm", value(step.gradientNorm())),
                new Fact("tokens/s", Shown.whole(Math.round(state.tokensPerSecond()))),
                new Fact("tokens", Shown.count(step.tokens())),
                new Fact("compute", Shown.flops(state.flopsPerSecond()) + "/s"),
                new Fact("of peak", percent(state.shareOfPeak())));
    }

    private void experts(float[] load) {
        double[] shares = new double[load.length];
        for (int i = 0; i < load.length; i++) {
            shares[i] = load[i];
        }
        var line = label("experts");
        if (shares.length == 0) {
            lines.add(line.append("none", DIM).toAttributedString());
            return;
        }
        String words = String.format(Locale.ROOT, "  %.2f to %.2f of even", min(shares), max(shares));
        for (double share : Sparkline.stretches(shares, Math.max(1, width - LABEL - words.length()))) {
            line.append(String.valueOf(Sparkline.bar(share / 2)), share > MUCH || share < LITTLE ? WARNING : PICTURE);
        }
        lines.add(line.append(words, DIM).toAttributedString());
    }

    private void checkpoint() {
        var saved = state.saved();
        var line = label("checkpoint");
        lines.add((saved == null
                        ? line.append("none yet", DIM)
                        : line.append("step ")
                                .append(Shown.whole(saved.step()))
                                .append("  " + TerminalText.line(saved.folder().toString()), DIM))
                .toAttributedString());
    }

    private void rollBack() {
        var back = state.rolledBack();
        var line = label("roll-back");
        lines.add((back == null
                        ? line.append("none", DIM)
                        : line.append(Shown.whole(back.step()) + " to " + Shown.whole(back.backTo()), WARNING)
                                .append("  " + TerminalText.line(back.reason())))
                .toAttributedString());
    }

    private static AttributedStringBuilder label(String name) {
        return new AttributedStringBuilder().append(String.format(Locale.ROOT, "%-" + LABEL + "s", name), DIM);
    }

    /// A number in about five characters.
    static String value(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        String format = size != 0 && size < 1e-3 || size >= 1e5 ? "%.2e" : size < 10 ? "%.4f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static double min(double[] values) {
        double min = Double.POSITIVE_INFINITY;
        for (double value : values) {
            min = Math.min(min, value);
        }
        return min;
    }

    private static double max(double[] values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            max = Math.max(max, value);
        }
        return max;
    }
}
