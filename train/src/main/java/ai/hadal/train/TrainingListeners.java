package ai.hadal.train;

import java.nio.file.Path;
import java.util.List;

/// Several listeners as one; each event reaches them in the list's order.
public record TrainingListeners(List<TrainingListener> all) implements TrainingListener {

    public TrainingListeners {
        all = List.copyOf(all);
    }

    @Override
    public void started(Start start) {
        all.forEach(listener -> listener.started(start));
    }

    @Override
    public void stepped(Step step) {
        all.forEach(listener -> listener.stepped(step));
    }

    @Override
    public void saved(long step, Path folder) {
        all.forEach(listener -> listener.saved(step, folder));
    }

    @Override
    public void rolledBack(long step, long backTo, String reason) {
        all.forEach(listener -> listener.rolledBack(step, backTo, reason));
    }

    @Override
    public void finished(Path model) {
        all.forEach(listener -> listener.finished(model));
    }
}
