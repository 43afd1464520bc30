package ai.hadal.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A request that a [Scheduler] took.
public interface Ticket {

    /// The results of the choices in their order, once all have ended; fails with what went wrong. Cancelled
    /// choices have results too.
    CompletableFuture<List<GenerationResult>> results();

    /// Ends the request soon: it is then no longer in the way of others.
    void cancel();

    /// Tells that a listener that was not [GenerationListener#ready] may be again.
    void wake();
}
