package ai.hadal.server.operations;

import ai.hadal.engine.SchedulerObserver;
import java.util.ArrayDeque;
import java.util.Deque;

/// Tokens per second over the last ten seconds. Called by the scheduler, read by anyone.
public final class LoadMeter implements SchedulerObserver {

    private static final long SPAN_NANOS = 10_000_000_000L;
    private static final double NANOS = 1e9;

    private record Sample(long at, int grown, int read) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /// Speeds in tokens per second.
    ///
    /// @param prefill prompt tokens read
    /// @param decode tokens generated
    public record Speed(double prefill, double decode) {}

    @Override
    public synchronized void stepped(StepReport step) {
        long now = System.nanoTime();
        samples.addLast(new Sample(now, step.tokens(), step.prefillTokens()));
        forgetBefore(now - SPAN_NANOS);
    }

    private void forgetBefore(long oldest) {
        while (!samples.isEmpty() && samples.getFirst().at - oldest < 0) {
            samples.removeFirst();
        }
    }

    /// The speed now.
    public synchronized Speed speed() {
        forgetBefore(System.nanoTime() - SPAN_NANOS);
        double seconds = SPAN_NANOS / NANOS;
        return new Speed(
                samples.stream().mapToInt(Sample::read).sum() / seconds,
                samples.stream().mapToInt(Sample::grown).sum() / seconds);
    }
}
