package ai.hadal.cli;

import ai.hadal.train.TrainingListener;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What is known of a run at a moment, made of its events alone.
final class TrainState implements TrainingListener {

    /// How long a step's speed counts: about twenty more.
    private static final double KEEP = 0.95;

    /// A roll-back that happened.
    record RollBack(long step, long backTo, String reason) {}

    /// A checkpoint that was written.
    record Saved(long step, Path folder) {}

    private final String recipe;
    private final LossHistory losses = new LossHistory();
    private @Nullable Start start;
    private @Nullable Step last;
    private @Nullable Saved saved;
    private @Nullable RollBack rolledBack;
    private boolean finished;
    private double seconds;
    private double tokens;
    private double flops;
    private double steps;

    /// @param recipe its name, to be shown
    TrainState(String recipe) {
        this.recipe = recipe;
    }

    @Override
    public void started(Start start) {
        this.start = start;
    }

    @Override
    public void stepped(Step step) {
        last = step;
        losses.add(step.step(), step.loss());
        seconds = KEEP * seconds + step.seconds();
        tokens = KEEP * tokens + step.stepTokens();
        flops = KEEP * flops + step.flops();
        steps = KEEP * steps + 1;
    }

    @Override
    public void saved(long step, Path folder) {
        saved = new Saved(step, folder);
    }

    @Override
    public void rolledBack(long step, long backTo, String reason) {
        rolledBack = new RollBack(step, backTo, reason);
        losses.cut(backTo);
    }

    @Override
    public void finished(Path model) {
        finished = true;
    }

    String recipe() {
        return recipe;
    }

    @Nullable
    Start start() {
        return start;
    }

    @Nullable
    Step last() {
        return last;
    }

    @Nullable
    Saved saved() {
        return saved;
    }

    @Nullable
    RollBack rolledBack() {
        return rolledBack;
    }

    boolean isFinished() {
        return finished;
    }

    LossHistory losses() {
        return losses;
    }

    /// Steps of the recipe that are done.
    long done() {
        return last != null ? last.step() + 1 : start != null ? start.firstStep() : 0;
    }

    /// Steps of the recipe, 0 before the start.
    long total() {
        return start != null ? start.totalSteps() : 0;
    }

    double tokensPerSecond() {
        return tokens / seconds;
    }

    double flopsPerSecond() {
        return flops / seconds;
    }

    /// Share of what the machine's fused multiply-adds reach; NaN if that is not known.
    double shareOfPeak() {
        return start != null && start.peakFlops() > 0 ? flopsPerSecond() / start.peakFlops() : Double.NaN;
    }

    /// Seconds to the last step at the recent speed; NaN before the first step.
    double secondsLeft() {
        return Math.max(0, total() - done()) * seconds / steps;
    }
}
