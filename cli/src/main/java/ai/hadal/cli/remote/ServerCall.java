package ai.hadal.cli.remote;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A running request, read by a thread of its own so that whoever waits for it can give up at any moment.
final class ServerCall implements AutoCloseable {

    /// What came, or why nothing more will.
    sealed interface Item {
        /// The whole body of a response that is not streamed.
        record Body(String text) implements Item {}

        record Event(String data) implements Item {}

        record End() implements Item {}

        record Failure(HadalException reason) implements Item {}

        /// Whoever waits has given up.
        record Cancelled() implements Item {}
    }

    /// What becomes of a response: its items, in the thread of the call.
    interface Receiver {
        void receive(HttpResponse<InputStream> response, Sink sink) throws IOException, InterruptedException;
    }

    interface Sink {
        void put(Item item) throws InterruptedException;

        /// The server is there, with nothing to say yet.
        void alive();
    }

    /// How long a wish to give up may wait to be seen.
    private static final long LOOK_MILLIS = 20;

    /// Items that may wait; a slow terminal then slows the server down.
    private static final int MOST_WAITING = 256;

    private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(MOST_WAITING);
    private final ServerFailures failures;
    private final Duration silence;
    private final Thread thread;
    private volatile boolean answered;
    private volatile long heard = System.nanoTime();

    /// Sends a request.
    ///
    /// @param silence how long the server may say nothing
    ServerCall(HttpClient client, HttpRequest request, ServerFailures failures, Duration silence, Receiver receiver) {
        this.failures = failures;
        this.silence = silence;
        this.thread = Thread.ofVirtual().name("hadal-connection").start(() -> run(client, request, receiver));
    }

    private void run(HttpClient client, HttpRequest request, Receiver receiver) {
        try {
            Item last;
            try {
                var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
                answered = true;
                try (var _ = response.body()) {
                    receiver.receive(response, sink());
                }
                last = new Item.End();
            } catch (IOException e) {
                last = new Item.Failure(answered ? failures.broken(e) : failures.unreached(e));
            } catch (HadalException e) {
                last = new Item.Failure(e);
            }
            items.put(last);
        } catch (InterruptedException _) {
            // Nobody waits any more.
            Thread.currentThread().interrupt();
        }
    }

    private Sink sink() {
        return new Sink() {
            @Override
            public void put(Item item) throws InterruptedException {
                items.put(item);
            }

            @Override
            public void alive() {
                heard = System.nanoTime();
            }
        };
    }

    /// Waits for the next item.
    Item next(BooleanSupplier cancelled) {
        long start = System.nanoTime();
        while (Math.min(System.nanoTime() - start, System.nanoTime() - heard) < silence.toNanos()) {
            if (cancelled.getAsBoolean()) {
                return new Item.Cancelled();
            }
            var item = poll();
            if (item != null) {
                return item;
            }
        }
        return new Item.Failure(failures.silent(silence));
    }

    private @Nullable Item poll() {
        try {
            return items.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Item.Cancelled();
        }
    }

    /// Closes the connection if the call isn't over.
    @Override
    public void close() {
        thread.interrupt();
    }
}
