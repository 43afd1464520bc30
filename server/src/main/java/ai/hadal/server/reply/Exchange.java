package ai.hadal.server.reply;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.engine.GeneratedToken;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationResult;
import ai.hadal.engine.ScheduledRequest;
import ai.hadal.engine.Ticket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One request and what becomes of it: the scheduler's thread puts tokens into a queue, the request's own
/// thread takes them out, parses them and writes to the client. Where the client reads slowly the queue
/// fills up, and the scheduler leaves the request out until there is room.
public final class Exchange {

    /// Tokens that wait for the client before its request pauses. A step with drafts may add a few more.
    private static final int MOST_QUEUED = 128;

    private final List<ChoiceReply> choices;
    private final Duration idle;
    private final Ending observer;
    private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final Ticket ticket;
    private final long submitted = System.nanoTime();
    private volatile long started;
    private long told = submitted;
    private int open;

    /// Hears of each choice that ended.
    interface Ending {

        /// The caller has been told all of it.
        void ended(int choice, GenerationResult result, Finish finish);

        /// Its generation has ended, whether the caller is still there or not. Called on the scheduler's thread.
        ///
        /// @param begun whether it was worked on at all
        default void generated(int choice, GenerationResult result, boolean begun) {}
    }

    /// What the scheduler's thread has to tell.
    private sealed interface Item {

        record Read(long done, long total) implements Item {}

        record Grew(int choice, GeneratedToken token) implements Item {}

        record Rest(int choice, String text) implements Item {}

        record Ended(int choice, GenerationResult result) implements Item {}

        record Failed(Throwable cause) implements Item {}

        record Stopped(IOException reason) implements Item {}
    }

    /// Submits a request.
    ///
    /// @param request makes the request with these listeners, one for each choice
    /// @param submit gives it to a scheduler
    /// @param idle how long nothing may come that the caller hears of before the handler is told so
    /// @param observer hears of each choice that ended
    Exchange(
            List<ChoiceReply> choices,
            Function<List<GenerationListener>, ScheduledRequest> request,
            Function<ScheduledRequest, Ticket> submit,
            Duration idle,
            Ending observer) {
        this.choices = choices;
        this.idle = idle;
        this.observer = observer;
        this.open = choices.size();
        this.ticket =
                submit.apply(request.apply(choices.stream().map(this::listener).toList()));
        var _ = ticket.results().whenComplete((_, failure) -> {
            if (failure != null) {
                queue.add(new Item.Failed(failure));
            }
        });
    }

    private GenerationListener listener(ChoiceReply choice) {
        int index = choice.index();
        return new GenerationListener() {
            @Override
            public void prefill(long done, long total) {
                if (index == 0) {
                    if (started == 0) {
                        started = System.nanoTime();
                    }
                    queue.add(new Item.Read(done, total));
                }
            }

            @Override
            public void token(GeneratedToken token) {
                queue.add(new Item.Grew(index, token));
            }

            @Override
            public void rest(String text) {
                queue.add(new Item.Rest(index, text));
            }

            @Override
            public void ended(GenerationResult result) {
                observer.generated(index, result, started != 0);
                queue.add(new Item.Ended(index, result));
            }

            @Override
            public boolean ready() {
                return queue.size() < MOST_QUEUED;
            }
        };
    }

    /// The id of a call.
    ///
    /// @param choice the choice that makes it
    /// @param index of the call in that choice
    public String callId(int choice, int index) {
        return choices.get(choice).callId(index);
    }

    /// Passes on what happens until all choices have ended.
    ///
    /// @throws IOException what the handler threw; the request is cancelled then
    public void run(ReplyHandler handler) throws IOException {
        boolean whole = false;
        try {
            handler.begin();
            while (open > 0) {
                handle(handler);
            }
            whole = true;
        } finally {
            if (!whole) {
                ticket.cancel();
            }
        }
    }

    /// Ends it from outside, if it has not ended yet: [#run] throws this.
    public void stop(IOException reason) {
        queue.add(new Item.Stopped(reason));
    }

    /// Ends it, if it has not ended yet.
    void cancel() {
        ticket.cancel();
    }

    private void handle(ReplyHandler handler) throws IOException {
        var item = poll();
        if (item != null && tells(handler, item)) {
            told = System.nanoTime();
        } else if (System.nanoTime() - told >= idle.toNanos()) {
            told = System.nanoTime();
            handler.idle();
        }
    }

    /// @return whether there was something for the caller to hear: many tokens may add nothing to an answer
    ///     that breaks the protocol
    private boolean tells(ReplyHandler handler, Item item) throws IOException {
        switch (item) {
            case Item.Read(long done, long total) -> handler.prefill(done, total);
            case Item.Grew(int index, GeneratedToken token) -> {
                var choice = choices.get(index);
                boolean reasoning = choice.reasons();
                var events = choice.accept(token.text());
                var logprobs = token.logprobs();
                handler.grew(
                        index,
                        events,
                        logprobs == null ? null : new ReplyHandler.Token(token.id(), reasoning, logprobs));
                return events.stream().anyMatch(event -> !(event instanceof ReplyEvent.Malformed));
            }
            case Item.Rest(int index, String text) ->
                tell(handler, index, choices.get(index).accept(text));
            case Item.Ended(int index, GenerationResult result) -> {
                open--;
                var choice = choices.get(index);
                tell(handler, index, choice.end(result));
                var finish = choice.finish(result, started == 0 ? 0 : started - submitted);
                observer.ended(index, result, finish);
                handler.finished(index, finish);
            }
            case Item.Failed(Throwable cause) -> throw failure(cause);
            case Item.Stopped(IOException reason) -> throw reason;
        }
        return true;
    }

    private static void tell(ReplyHandler handler, int index, List<ReplyEvent> events) throws IOException {
        if (!events.isEmpty()) {
            handler.grew(index, events, null);
        }
    }

    private @Nullable Item poll() throws IOException {
        try {
            var item = queue.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
            if (queue.size() == MOST_QUEUED / 2) {
                ticket.wake();
            }
            return item;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("the request was interrupted").initCause(e);
        }
    }

    private static RuntimeException failure(Throwable cause) {
        Throwable root = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        return root instanceof RuntimeException e ? e : new IllegalStateException(root);
    }
}
