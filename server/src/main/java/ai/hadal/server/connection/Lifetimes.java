package ai.hadal.server.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sees accepted connections through to their end. The web server itself waits for a TLS handshake for as long as the
/// client likes, and ends TLS without closing the connection below it.
final class Lifetimes {

    /// How often it is seen whether a connection has failed before it was ready.
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Both ends of a connection, which name it while it is open.
    private record Ends(SocketAddress remote, SocketAddress local) {}

    /// A connection: when it takes requests, on which thread, and when it takes no more.
    private static final class Life {

        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable Thread thread;
    }

    private final Duration most;
    private final Map<Ends, Life> open = new ConcurrentHashMap<>();

    /// @param most longest time that a connection may take to get ready, and to close
    Lifetimes(Duration most) {
        this.most = most;
    }

    /// A connection was accepted.
    void accepted(SocketChannel channel) {
        try {
            var ends = new Ends(channel.getRemoteAddress(), channel.getLocalAddress());
            var life = new Life();
            open.put(ends, life);
            Thread.ofVirtual().name("hadal-connection").start(() -> {
                try (channel) {
                    awaitEnd(channel, life);
                } catch (InterruptedException | IOException _) {
                    // It is of no use any more, whatever became of it.
                } finally {
                    open.remove(ends, life);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitEnd(SocketChannel channel, Life life) throws InterruptedException {
        var thread = awaitReady(channel, life);
        if (thread != null) {
            life.ended.await();
            // What the thread still has to tell the client is bounded: the client may not listen.
            thread.join(most);
        }
    }

    private @Nullable Thread awaitReady(SocketChannel channel, Life life) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (channel.isOpen()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            if (life.ready.await(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
                return life.thread;
            }
        }
        return null;
    }

    /// A connection takes requests, on the current thread.
    ///
    /// @return to be called when it takes no more
    Runnable ready(SocketAddress remote, SocketAddress local) {
        var life = open.get(new Ends(remote, local));
        if (life == null) {
            return () -> {};
        }
        life.thread = Thread.currentThread();
        life.ready.countDown();
        return life.ended::countDown;
    }
}
