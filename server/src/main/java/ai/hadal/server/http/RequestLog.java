package ai.hadal.server.http;

import org.jspecify.annotations.Nullable;

/// Hears of every request that ended.
public interface RequestLog {

    /// Takes a request that ended.
    void done(Entry entry);

    /// One log, then another.
    static RequestLog both(RequestLog first, RequestLog second) {
        return entry -> {
            first.done(entry);
            second.done(entry);
        };
    }

    /// A request that ended.
    ///
    /// @param id names it
    /// @param tenant whose it was; empty if that was not asked
    /// @param route the path as the server knows it: one of few, whatever clients ask for
    /// @param status of the response
    /// @param millis it took
    /// @param failure what ended it, null if it was answered
    record Entry(
            String id,
            String tenant,
            String method,
            String path,
            String route,
            int status,
            long millis,
            @Nullable Throwable failure) {}
}
