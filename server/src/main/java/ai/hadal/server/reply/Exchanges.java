package ai.hadal.server.reply;

import ai.hadal.chat.ReplyEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Several exchanges that answer one request, one for each of its prompts. They run at the same time; if
/// one fails, the others are cancelled.
public final class Exchanges {

    private final List<Exchange> all;
    private final int choices;

    private Exchanges(List<Exchange> all, int choices) {
        this.all = all;
        this.choices = choices;
    }

    /// Begins exchanges, all or none.
    ///
    /// @param begin what begins each of them; what it throws is thrown here
    /// @param choices how many choices each of them has
    public static Exchanges begin(List<Supplier<Exchange>> begin, int choices) {
        var begun = new ArrayList<Exchange>();
        try {
            begin.forEach(next -> begun.add(next.get()));
        } catch (RuntimeException e) {
            begun.forEach(Exchange::cancel);
            throw e;
        }
        return new Exchanges(begun, choices);
    }

    /// Ends all from outside, as [Exchange#stop].
    public void stop(IOException reason) {
        all.forEach(exchange -> exchange.stop(reason));
    }

    /// Passes on what happens until all have ended, as [Exchange#run].
    ///
    /// @param handler hears of the choices of all exchanges, counted through; not by several at once
    public void run(ReplyHandler handler) throws IOException {
        if (all.size() == 1) {
            all.getFirst().run(handler);
            return;
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ExecutorCompletionService<Void>(threads);
            try {
                handler.begin();
                for (int i = 0; i < all.size(); i++) {
                    var exchange = all.get(i);
                    var part = new Part(handler, i * choices);
                    running.submit(() -> {
                        exchange.run(part);
                        return null;
                    });
                }
                for (int i = 0; i < all.size(); i++) {
                    running.take().get();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("the request was interrupted").initCause(e);
            } catch (ExecutionException e) {
                throw failure(e.getCause());
            } finally {
                all.forEach(Exchange::cancel);
                threads.shutdownNow();
            }
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case null, default -> throw new IllegalStateException(cause);
        };
    }

    /// What one exchange tells the handler of all; that all have begun was told already.
    ///
    /// @param before choices of the exchanges before this one
    private record Part(ReplyHandler all, int before) implements ReplyHandler {

        @Override
        public void prefill(long done, long total) throws IOException {
            synchronized (all) {
                all.prefill(done, total);
            }
        }

        @Override
        public void grew(int choice, List<ReplyEvent> events, @Nullable Token token) throws IOException {
            synchronized (all) {
                all.grew(before + choice, events, token);
            }
        }

        @Override
        public void finished(int choice, Finish finish) throws IOException {
            synchronized (all) {
                all.finished(before + choice, finish);
            }
        }

        @Override
        public void idle() throws IOException {
            synchronized (all) {
                all.idle();
            }
        }
    }
}
