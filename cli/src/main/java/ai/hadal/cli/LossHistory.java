package ai.hadal.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The recent losses of a run, their running mean, and the best that mean has been.
final class LossHistory {

    /// Steps that a chart shows at most.
    static final int RECENT = 2000;

    /// The running mean forgets a step's loss over about fifty more.
    private static final double KEEP = 0.98;

    private record Entry(long step, double loss) {}

    private final ArrayDeque<Entry> recent = new ArrayDeque<>();
    private double sum;
    private double weight;
    private double best = Double.NaN;
    private long bestStep = -1;

    void add(long step, double loss) {
        if (!Double.isFinite(loss)) {
            return;
        }
        recent.add(new Entry(step, loss));
        if (recent.size() > RECENT) {
            recent.remove();
        }
        accumulate(step, loss);
    }

    private void accumulate(long step, double loss) {
        sum = KEEP * sum + (1 - KEEP) * loss;
        weight = KEEP * weight + (1 - KEEP);
        if (!(smoothed() >= best)) {
            best = smoothed();
            bestStep = step;
        }
    }

    /// Forgets a step and all after it.
    void cut(long step) {
        List<Entry> kept = new ArrayList<>(recent);
        kept.removeIf(entry -> entry.step() >= step);
        recent.clear();
        recent.addAll(kept);
        sum = 0;
        weight = 0;
        if (bestStep >= step) {
            best = Double.NaN;
            bestStep = -1;
        }
        kept.forEach(entry -> accumulate(entry.step(), entry.loss()));
    }

    /// The running mean; NaN before the first loss.
    double smoothed() {
        return weight > 0 ? sum / weight : Double.NaN;
    }

    /// The lowest the running mean has been; NaN before the first loss.
    double best() {
        return best;
    }

    /// The step at which it was, -1 before the first loss.
    long bestStep() {
        return bestStep;
    }

    /// The recent losses, oldest first.
    double[] recent() {
        return recent.stream().mapToDouble(Entry::loss).toArray();
    }
}
