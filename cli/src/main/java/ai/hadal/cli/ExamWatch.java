package ai.hadal.cli;

import ai.hadal.train.nano.ExamAnswer;
import ai.hadal.train.nano.ExamListener;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/// An exam's progress as one line.
final class ExamWatch implements ExamListener {

    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final long start = System.nanoTime();
    private int right;

    ExamWatch(Progress progress, BooleanSupplier cancelled) {
        this.progress = progress;
        this.cancelled = cancelled;
    }

    @Override
    public void answered(ExamAnswer answer) {
        right += answer.right() ? 1 : 0;
    }

    @Override
    public void progressed(int answered, int questions, long tokens) {
        String share = answered == 0 ? "" : String.format(Locale.ROOT, ", %.1f %% right", 100.0 * right / answered);
        double rate = tokens / ((System.nanoTime() - start) / 1e9);
        progress.show(String.format(
                Locale.ROOT, "exam: %d of %d questions%s, %.0f tokens/s", answered, questions, share, rate));
    }

    @Override
    public boolean cancelled() {
        return cancelled.getAsBoolean();
    }
}
