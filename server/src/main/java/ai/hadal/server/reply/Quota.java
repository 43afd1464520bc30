package ai.hadal.server.reply;

import ai.hadal.error.HadalException;

/// What one tenant may use, spread evenly over time: what was used comes back little by little, and no more than the
/// whole is ever saved up. 0 stands for no limit.
///
/// @param requestsPerMinute requests for answers, refused ones not counted
/// @param tokensPerMinute tokens of prompts that were not in the cache, and of answers
/// @param tokensPerDay the same, a day
public record Quota(long requestsPerMinute, long tokensPerMinute, long tokensPerDay) {

    /// No limits.
    public static final Quota NONE = new Quota(0, 0, 0);

    /// @throws HadalException if a limit is negative
    public Quota {
        if (requestsPerMinute < 0 || tokensPerMinute < 0 || tokensPerDay < 0) {
            throw new HadalException("a quota cannot be negative; give 0 for no limit");
        }
    }
}
