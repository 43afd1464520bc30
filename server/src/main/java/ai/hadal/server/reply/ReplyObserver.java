package ai.hadal.server.reply;

/// Hears of every answer that ended. Called on the threads of requests.
public interface ReplyObserver {

    /// Watches nothing.
    ReplyObserver NONE = (caller, finish) -> {};

    /// An answer has ended.
    void answered(Caller caller, Finish finish);
}
