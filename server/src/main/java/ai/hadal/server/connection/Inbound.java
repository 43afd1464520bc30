package ai.hadal.server.connection;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What a client sends over one connection. A thread of its own reads it ahead of its use, within bounds, so that a
/// client that goes away is noticed while its request is being answered, and bytes of a request that follows are
/// kept for it. Only the use waits for a limited time.
public final class Inbound {

    /// The connection that the current thread answers a request of.
    private static final ScopedValue<Inbound> CURRENT = ScopedValue.newInstance();

    /// Bytes that are read before they are used. A client that sends more than this ahead of an answer is not watched.
    private static final int MOST_AHEAD = 64 << 10;

    /// What the next bytes belong to.
    private enum Part {
        /// A request that may follow or not.
        NOTHING,
        HEAD,
        BODY
    }

    private final HelidonSocket socket;
    private final Patience patience;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> ahead = new ArrayDeque<>();
    private int aheadBytes;
    private boolean ended;
    private @Nullable RuntimeException failure;
    private @Nullable Runnable gone;

    private Part part = Part.NOTHING;
    private long begun;
    private long bodyBytes;

    Inbound(HelidonSocket socket, Patience patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /// What a connection does.
    interface Work {
        void run() throws InterruptedException;
    }

    /// Reads while something is done, which finds this as the current connection.
    void during(Work work) throws InterruptedException {
        Thread.ofVirtual().name("hadal-inbound").start(this::read);
        try {
            ScopedValue.where(CURRENT, this).<@Nullable Void, InterruptedException>call(() -> {
                work.run();
                return null;
            });
        } finally {
            end(null);
        }
    }

    /// The connection whose request the current thread answers; none if it is not watched.
    public static Optional<Inbound> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    private void read() {
        try {
            while (hasRoom()) {
                byte[] bytes = socket.get();
                if (bytes == null) {
                    break;
                }
                add(bytes);
            }
            end(null);
        } catch (RuntimeException e) {
            end(e);
        }
    }

    /// Waits for room.
    ///
    /// @return false when the connection has ended
    private boolean hasRoom() {
        lock.lock();
        try {
            while (aheadBytes >= MOST_AHEAD && !ended) {
                changed.awaitUninterruptibly();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    private void add(byte[] bytes) {
        lock.lock();
        try {
            ahead.add(bytes);
            aheadBytes += bytes.length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable RuntimeException cause) {
        Runnable told;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            failure = cause;
            told = gone;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (told != null) {
            told.run();
        }
    }

    /// The next bytes; null if no more will come, or no request has followed in time.
    ///
    /// @throws RequestException if the headers of a request do not come in time
    /// @throws UncheckedIOException of a [SocketTimeoutException] if a body does not
    byte @Nullable [] next() {
        lock.lock();
        try {
            long asked = System.nanoTime();
            while (ahead.isEmpty() && !ended) {
                long left = patience(asked) - System.nanoTime();
                if (left <= 0) {
                    return late();
                }
                var _ = changed.awaitNanos(left);
            }
            if (ahead.isEmpty()) {
                if (failure != null) {
                    throw new ServerConnectionException("cannot read from the client", failure);
                }
                return null;
            }
            return take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("the server closes the connection", e);
        } finally {
            lock.unlock();
        }
    }

    /// Until when the next bytes must have come.
    private long patience(long asked) {
        long pause = asked + patience.pause().toNanos();
        long whole = switch (part) {
            case NOTHING -> pause;
            case HEAD -> begun + patience.head().toNanos();
            case BODY -> begun + patience.bodyNanos(bodyBytes);
        };
        return pause - whole < 0 ? pause : whole;
    }

    private byte @Nullable [] late() {
        return switch (part) {
            case NOTHING -> null;
            case HEAD ->
                throw RequestException.builder()
                        .type(DirectHandler.EventType.BAD_REQUEST)
                        .status(Status.REQUEST_TIMEOUT_408)
                        .message("the request's headers came too slowly")
                        .setKeepAlive(false)
                        .build();
            case BODY -> throw new UncheckedIOException(new SocketTimeoutException("the body came too slowly"));
        };
    }

    private byte[] take() {
        byte[] bytes = ahead.remove();
        aheadBytes -= bytes.length;
        changed.signalAll();
        switch (part) {
            case NOTHING -> {
                part = Part.HEAD;
                begun = System.nanoTime();
            }
            case HEAD -> {}
            case BODY -> bodyBytes += bytes.length;
        }
        return bytes;
    }

    /// The headers of a request are there: what comes next is its body.
    public void headEnded() {
        lock.lock();
        try {
            part = Part.BODY;
            begun = System.nanoTime();
            bodyBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /// A request was answered: what comes next is another one.
    public void answered() {
        lock.lock();
        try {
            part = Part.NOTHING;
            gone = null;
        } finally {
            lock.unlock();
        }
    }

    /// Tells when the client closes the connection, or its own half of it, before the request is answered; at once if
    /// it has done so.
    public void onGone(Runnable told) {
        boolean late;
        lock.lock();
        try {
            gone = told;
            late = ended;
        } finally {
            lock.unlock();
        }
        if (late) {
            told.run();
        }
    }
}
