package ai.hadal.cli;

import ai.hadal.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;

/// A run told in a plain line now and then, for pipes and logs: every fifty steps, but not more often than every two
/// seconds, and at least every thirty.
final class TrainLines implements TrainingListener {

    private static final int STEPS = 50;
    private static final long SOONEST_NANOS = 2_000_000_000L;
    private static final long LATEST_NANOS = 30_000_000_000L;

    private final TrainState state;
    private final PrintWriter out;
    private final LongSupplier nanoTime;
    private long lastNanos;
    private long lastStep = Long.MIN_VALUE / 2;
    private String stage = "";

    TrainLines(String recipe, PrintWriter out, LongSupplier nanoTime) {
        this.state = new TrainState(recipe);
        this.out = out;
        this.nanoTime = nanoTime;
    }

    @Override
    public void started(Start start) {
        state.started(start);
        say(state.recipe() + ": " + Shown.count(start.parameters()) + " parameters, " + origin(start));
    }

    private static String origin(Start start) {
        return start.firstStep() == 0
                ? Shown.whole(start.totalSteps()) + " steps"
                : "continues at step " + start.firstStep() + " of " + start.totalSteps();
    }

    @Override
    public void stepped(Step step) {
        state.stepped(step);
        if (!step.stage().equals(stage)) {
            stage = step.stage();
            say("stage " + stage);
        }
        long now = nanoTime.getAsLong();
        long waited = now - lastNanos;
        boolean last = state.done() == state.total();
        boolean first = lastStep < 0;
        boolean due = waited >= LATEST_NANOS || (step.step() - lastStep >= STEPS && waited >= SOONEST_NANOS);
        if (first || last || due) {
            lastNanos = now;
            lastStep = step.step();
            say(progress(step));
        }
    }

    private String progress(Step step) {
        return String.format(
                Locale.ROOT,
                "step %d/%d loss %s smoothed %s%s rate %.2e norm %s tokens/s %.0f peak %s left %s",
                state.done(),
                state.total(),
                TrainScreen.value(step.loss()),
                TrainScreen.value(state.losses().smoothed()),
                Double.isNaN(step.mtpLoss()) ? "" : " mtp " + TrainScreen.value(step.mtpLoss()),
                step.learningRate(),
                TrainScreen.value(step.gradientNorm()),
                state.tokensPerSecond(),
                TrainScreen.percent(state.shareOfPeak()),
                Shown.duration(state.secondsLeft()));
    }

    @Override
    public void saved(long step, Path folder) {
        say("saved step " + step + " in " + folder);
    }

    @Override
    public void rolledBack(long step, long backTo, String reason) {
        state.rolledBack(step, backTo, reason);
        lastStep = Math.min(lastStep, backTo);
        say("rolled back from step " + step + " to " + backTo + ": " + reason);
    }

    private void say(String line) {
        out.println(TerminalText.line(line));
        out.flush();
    }
}
