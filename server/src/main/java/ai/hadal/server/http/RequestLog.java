package ai.hadal.server.http;

import org.jspecify.annotations.Nullable;

/// Hears of every request that ended.
public interface RequestLog {

    /// Takes a request that ended.
    void done(Entry entry);

    /// A request that ended.
    ///
    /// @param id names it
    /// @param tenant whose it was; empty if that was not asked
    /// @param status of the response
    /// @param millis it took
    /// @param failure what ended it, null if it was answered
    record Entry(
            String id,
            String tenant,
            String method,
            String path,
            int status,
            long millis,
            @Nullable Throwable failure) {}
}
