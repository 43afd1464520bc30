package ai.hadal.server.reply;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is left of a tenant's quotas.
///
/// @param at when that was so
/// @param requests null without a limit
/// @param tokens of the limit of which the smallest part is left; null without one
public record Standing(
        Instant at, @Nullable Level requests, @Nullable Level tokens) {

    /// One quota.
    ///
    /// @param limit all of it
    /// @param left what is left, 0 if more than all was used
    /// @param untilFull how long until all of it is there again
    public record Level(long limit, long left, Duration untilFull) {}
}
