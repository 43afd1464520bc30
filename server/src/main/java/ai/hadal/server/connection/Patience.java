package ai.hadal.server.connection;

import java.time.Duration;

/// How long the server waits for what a client sends. A client that keeps within the pause but sends next to nothing
/// is bounded by the other two.
///
/// @param pause longest wait for the next bytes, and for the next request on a connection that is kept
/// @param head longest time for a TLS handshake, and from the first byte of a request to the end of its headers
/// @param bodyRate bytes per second that a body must reach in the mean, a pause not counted
public record Patience(Duration pause, Duration head, long bodyRate) {

    private static final long NANOS = 1_000_000_000L;

    /// 30 seconds for each, and 64 kbit/s.
    public static Patience defaults() {
        return new Patience(Duration.ofSeconds(30), Duration.ofSeconds(30), 8192);
    }

    /// Longest time for a body of which so many bytes have come, in nanoseconds.
    long bodyNanos(long bytes) {
        return pause.toNanos() + Math.multiplyExact(bytes / bodyRate, NANOS) + bytes % bodyRate * NANOS / bodyRate;
    }
}
