package ai.hadal.engine;

/// Watches what a scheduler does, for metrics. Called on its thread, so it must be quick.
public interface SchedulerObserver {

    /// Watches nothing.
    SchedulerObserver NONE = step -> {};

    /// A step was made.
    void stepped(StepReport step);

    /// Watches first, then another does.
    default SchedulerObserver and(SchedulerObserver other) {
        return step -> {
            stepped(step);
            other.stepped(step);
        };
    }

    /// One step.
    ///
    /// @param growing texts that grew by a token or more
    /// @param tokens how many were chosen: right drafts let a text grow by several
    /// @param prefillTokens prompt tokens read
    /// @param waiting requests that wait
    /// @param nanos time of the step and of choosing tokens after it
    record StepReport(int growing, int tokens, int prefillTokens, int waiting, long nanos) {}
}
