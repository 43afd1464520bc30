package ai.hadal.train;

import ai.hadal.checkpoint.AtomicFile;
import ai.hadal.error.HadalException;
import ai.hadal.train.LoggedRun.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Draws a run's log as `curves.svg` beside it, at each checkpoint and at the end: losses, learning rate, gradient
/// norm, speed and the spread of the experts' load over the tokens seen. The background is transparent and the
/// colours serve on white and on black.
///
/// As a listener it stands behind the [TrainingLog] whose lines it draws.
public final class Curves implements TrainingListener {

    /// The picture's name in the output folder.
    public static final String FILE = "curves.svg";

    private static final int WIDTH = 960;
    private static final int HEAD = 44;
    private static final int TALL = 320;
    private static final int SMALL = 190;
    private static final int HEIGHT = HEAD + TALL + 2 * SMALL + 26;

    private static final String BLUE = "#2f81f7";
    private static final String ORANGE = "#d9822b";
    private static final String GREEN = "#2da44e";
    private static final String PURPLE = "#a371f7";
    private static final String RED = "#e5534b";

    private static final double RAW = 0.3;

    private final Path folder;

    private Curves(Path folder) {
        this.folder = folder;
    }

    /// Curves of the log in a folder.
    public static Curves in(Path folder) {
        return new Curves(folder);
    }

    @Override
    public void saved(long step, Path checkpoint) {
        draw();
    }

    @Override
    public void finished(Path model) {
        draw();
    }

    /// Draws the log as it is now. Without a step in it there is nothing to draw.
    ///
    /// @throws HadalException if the log cannot be read or the picture cannot be written
    public void draw() {
        Path log = folder.resolve(TrainingLog.FILE);
        if (!Files.exists(log)) {
            return;
        }
        var run = LoggedRun.read(log);
        if (run.steps().isEmpty()) {
            return;
        }
        Path picture = folder.resolve(FILE);
        String svg = svg(String.valueOf(folder.toAbsolutePath().getFileName()), run);
        try {
            AtomicFile.write(picture, out -> out.write(svg.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new HadalException(
                    picture + " cannot be written (" + e.getMessage() + "); check permissions and free space", e);
        }
    }

    static String svg(String name, LoggedRun run) {
        var steps = run.steps();
        double[] tokens = values(steps, Point::tokens);
        var x = Axis.exact(0, tokens[tokens.length - 1]);
        var svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                        + "font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"11\" "
                        + "fill=\"%s\">\n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT,
                Panel.GREY));
        svg.append("<g font-size=\"16\" font-weight=\"600\">\n")
                .append(Panel.text(58, 26, "start", name))
                .append("</g>\n")
                .append(Panel.text(WIDTH - 14.0, 26, "end", summary(run)));
        int half = WIDTH / 2;
        int second = HEAD + TALL;
        int third = second + SMALL;
        svg.append(losses(run, x, tokens).svg("loss"));
        svg.append(speed(steps, x, tokens, 0, second).svg("speed"));
        svg.append(rate(steps, x, tokens, half, second).svg("rate"));
        svg.append(norm(steps, x, tokens, 0, third).svg("norm"));
        svg.append(load(steps, x, tokens, half, third).svg("load"));
        svg.append(Panel.text(WIDTH / 2.0, HEIGHT - 8.0, "middle", "tokens"));
        return svg.append("</svg>\n").toString();
    }

    private static String summary(LoggedRun run) {
        var last = run.steps().getLast();
        long taken = last.step() + 1;
        String all = run.totalSteps() > taken ? String.format(Locale.ROOT, " of %,d", run.totalSteps()) : "";
        String steps = String.format(Locale.ROOT, "%,d%s steps", taken, all);
        String parameters =
                run.parameters() > 0 ? String.format(Locale.ROOT, "%,d parameters, ", run.parameters()) : "";
        return parameters + steps + String.format(Locale.ROOT, ", %,d tokens", last.tokens());
    }

    private static Panel losses(LoggedRun run, Axis x, double[] tokens) {
        var steps = run.steps();
        double[] loss = values(steps, Point::loss);
        double[] smooth = smoothed(loss);
        double[] mtp = smoothed(values(steps, Point::mtpLoss));
        boolean hasMtp = steps.stream().anyMatch(step -> !Double.isNaN(step.mtpLoss()));
        var panel = new Panel("loss", x, Axis.around(concat(loss, mtp)), 0, HEAD, WIDTH, TALL, 18);
        panel.legend("loss", BLUE);
        panel.line(tokens, loss, BLUE, 0.8, RAW);
        if (hasMtp) {
            panel.legend("MTP loss", ORANGE).line(tokens, mtp, ORANGE, 1.5, 1);
        }
        panel.line(tokens, smooth, BLUE, 2, 1);
        stages(panel, steps);
        if (!run.rollBacks().isEmpty()) {
            panel.legend("roll-back", RED);
            run.rollBacks().forEach(at -> panel.upright((double) at, RED));
        }
        return panel;
    }

    private static void stages(Panel panel, List<Point> steps) {
        int from = 0;
        for (int i = 1; i <= steps.size(); i++) {
            if (i < steps.size() && steps.get(i).stage().equals(steps.get(from).stage())) {
                continue;
            }
            double start = from == 0 ? 0 : steps.get(from - 1).tokens();
            if (from > 0) {
                panel.upright(start, Panel.GREY);
            }
            panel.words(
                    steps.get(from).stage(), start, (double) steps.get(i - 1).tokens());
            from = i;
        }
    }

    private static Panel speed(List<Point> steps, Axis x, double[] tokens, int left, int top) {
        double[] speed = values(steps, Point::tokensPerSecond);
        double[] smooth = smoothed(speed);
        return new Panel("tokens a second", x, Axis.fromZero(smooth), left, top, WIDTH / 2.0, SMALL)
                .line(tokens, speed, GREEN, 0.8, RAW)
                .line(tokens, smooth, GREEN, 1.5, 1);
    }

    private static Panel rate(List<Point> steps, Axis x, double[] tokens, int left, int top) {
        double[] rate = values(steps, Point::learningRate);
        return new Panel("learning rate", x, Axis.fromZero(rate), left, top, WIDTH / 2.0, SMALL)
                .line(tokens, rate, PURPLE, 1.5, 1);
    }

    private static Panel norm(List<Point> steps, Axis x, double[] tokens, int left, int top) {
        double[] norm = values(steps, Point::gradientNorm);
        return new Panel("gradient norm", x, Axis.around(norm), left, top, WIDTH / 2.0, SMALL)
                .line(tokens, norm, ORANGE, 0.8, RAW)
                .line(tokens, smoothed(norm), ORANGE, 1.5, 1);
    }

    private static Panel load(List<Point> steps, Axis x, double[] tokens, int left, int top) {
        double[] low = values(steps, Point::minLoad);
        double[] high = values(steps, Point::maxLoad);
        var panel = new Panel(
                "experts' load, 1 = even",
                x,
                Axis.fromZero(concat(high, new double[] {2})),
                left,
                top,
                WIDTH / 2.0,
                SMALL);
        if (steps.stream().noneMatch(step -> Double.isNaN(step.maxLoad()))) {
            panel.band(tokens, low, high, BLUE);
        }
        return panel.legend("least and most used", BLUE)
                .line(tokens, smoothed(low), BLUE, 1.5, 1)
                .line(tokens, smoothed(high), BLUE, 1.5, 1);
    }

    private static double[] values(List<Point> steps, ToDoubleFunction<Point> value) {
        return steps.stream().mapToDouble(value).toArray();
    }

    private static double[] concat(double[] a, double[] b) {
        double[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /// A running mean over about a fiftieth of the run to both sides, so that it does not lag behind; what is not a
    /// number is left out of it.
    private static double[] smoothed(double[] values) {
        double keep = 1 - 1.0 / Math.clamp(values.length / 100, 3, 100);
        double[] sums = new double[values.length];
        double[] weights = new double[values.length];
        accumulate(values, keep, 0, 1, sums, weights);
        accumulate(values, keep, values.length - 1, -1, sums, weights);
        double[] smooth = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            smooth[i] = Double.isFinite(values[i]) ? sums[i] / weights[i] : Double.NaN;
        }
        return smooth;
    }

    private static void accumulate(
            double[] values, double keep, int first, int direction, double[] sums, double[] weights) {
        double sum = 0;
        double weight = 0;
        for (int i = first; i >= 0 && i < values.length; i += direction) {
            double finite = Double.isFinite(values[i]) ? 1 : 0;
            sum = keep * sum + (finite > 0 ? values[i] : 0);
            weight = keep * weight + finite;
            sums[i] += sum;
            weights[i] += weight;
        }
    }
}
