package ai.hadal.engine;

import ai.hadal.engine.ScheduledRequest.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A request on its way through a [Scheduler]: it waits, its prompt is looked up and read, then its choices
/// grow, each in a [Strand]. What changes is touched by the scheduler's thread only, but for the flag that
/// cancels.
final class Job implements Ticket {

    private final ScheduledRequest request;
    private final long number;
    private final long reservedBytes;
    private final Runnable wake;
    private final CompletableFuture<List<GenerationResult>> results = new CompletableFuture<>();
    private final GenerationResult[] ended;
    private final List<Strand> strands = new ArrayList<>();
    private volatile boolean cancelled;
    private @Nullable Throwable failure;
    private long started;

    /// @param number requests are counted in the order they came
    /// @param wake tells the scheduler that something changed
    Job(ScheduledRequest request, long number, long reservedBytes, Runnable wake) {
        this.request = request;
        this.number = number;
        this.reservedBytes = reservedBytes;
        this.wake = wake;
        this.ended = new GenerationResult[request.choices().size()];
    }

    ScheduledRequest request() {
        return request;
    }

    String tenant() {
        return request.tenant();
    }

    int priority() {
        return request.priority();
    }

    int choices() {
        return request.choices().size();
    }

    long number() {
        return number;
    }

    long reservedBytes() {
        return reservedBytes;
    }

    /// Its growing texts: one until the prompt is read, then one for each choice that has not ended.
    List<Strand> strands() {
        return strands;
    }

    /// Begins to read the prompt.
    ///
    /// @param session what is known of the prompt already
    /// @param cached tokens of the prompt that need not be computed
    void start(Session session, int cached) {
        started = System.nanoTime();
        strands.add(new Strand(this, 0, session, cached, started));
        for (var choice : request.choices()) {
            choice.listener().prefill(cached, request.prompt().length);
        }
    }

    /// The prompt is read: each choice goes its own way from here.
    void branch(Strand prompt) {
        for (int c = 1; c < ended.length; c++) {
            strands.add(new Strand(this, c, prompt.session().fork(), prompt.cached(), started));
        }
    }

    /// A choice has ended. If its listener fails, so does the request, for which the scheduler may do nothing more.
    void ended(Strand strand, GenerationResult result) {
        strands.remove(strand);
        ended[strand.index()] = result;
        try {
            choice(strand.index()).listener().ended(result);
        } catch (RuntimeException | Error e) {
            failed(e);
            throw e;
        }
        if (strands.isEmpty()) {
            results.complete(List.of(ended));
        }
    }

    /// It ends without having begun, or in the midst of its prompt.
    void endedEarly() {
        strands.clear();
        if (failure != null) {
            failed(failure);
            return;
        }
        try {
            for (int c = 0; c < ended.length; c++) {
                ended[c] = nothing();
                choice(c).listener().ended(ended[c]);
            }
            results.complete(List.of(ended));
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private GenerationResult nothing() {
        return new GenerationResult(
                new int[0], "", FinishReason.CANCELLED, null, new Usage(request.prompt().length, 0, 0, 0), 0, 0, 0, 0);
    }

    void failed(Throwable cause) {
        strands.clear();
        results.completeExceptionally(cause);
    }

    /// Whether it was cancelled from outside or by any of its listeners.
    boolean isCancelled() {
        return cancelled
                || request.choices().stream()
                        .allMatch(choice -> choice.listener().cancelled());
    }

    /// As [#isCancelled], of a request that waits: it is none any more if a listener fails.
    boolean isGone() {
        try {
            return isCancelled();
        } catch (RuntimeException e) {
            failure = e;
            return true;
        }
    }

    Choice choice(int index) {
        return request.choices().get(index);
    }

    @Override
    public CompletableFuture<List<GenerationResult>> results() {
        return results;
    }

    @Override
    public void cancel() {
        cancelled = true;
        wake.run();
    }

    @Override
    public void wake() {
        wake.run();
    }
}
