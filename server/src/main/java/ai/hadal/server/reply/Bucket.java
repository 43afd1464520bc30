package ai.hadal.server.reply;

import java.time.Duration;
import java.time.Instant;

/// A quota that refills evenly. More may be taken than there is: that is missing later on.
final class Bucket {

    private static final double NANOS = 1e9;

    /// What rounding may have lost.
    private static final double ROUNDING = 1e-6;

    private final long limit;
    private final double perNano;
    private double left;
    private Instant updated;

    /// @param limit what it holds, and what it gains in a period
    Bucket(long limit, Duration period, Instant now) {
        this.limit = limit;
        this.perNano = limit / (period.toSeconds() * NANOS);
        this.left = limit;
        this.updated = now;
    }

    /// @param now no earlier time than before counts
    void refill(Instant now) {
        if (now.isAfter(updated)) {
            var passed = Duration.between(updated, now);
            left = Math.min((double) limit, left + perNano * (passed.toSeconds() * NANOS + passed.toNanosPart()));
            updated = now;
        }
    }

    /// @param amount negative to give back
    void take(long amount) {
        left = Math.min((double) limit, left - amount);
    }

    boolean holds(long amount) {
        return left + ROUNDING >= amount;
    }

    /// The part that is left, 1 for all.
    double part() {
        return left / limit;
    }

    Standing.Level level() {
        return new Standing.Level(limit, Math.max(0, (long) Math.floor(left)), until(limit));
    }

    /// How long until it holds so much.
    Duration until(long amount) {
        return Duration.ofNanos((long) Math.ceil(Math.max(0, amount - left) / perNano));
    }
}
