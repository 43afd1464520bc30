package ai.hadal.server.reply;

import java.util.List;

/// Hears of every answer that ended. Called on the threads of requests.
public interface ReplyObserver {

    /// Watches nothing.
    ReplyObserver NONE = (caller, finish) -> {};

    /// All of these, one after the other.
    static ReplyObserver all(List<ReplyObserver> observers) {
        return (caller, finish) -> observers.forEach(observer -> observer.answered(caller, finish));
    }

    /// An answer has ended.
    void answered(Caller caller, Finish finish);
}
