package ai.hadal.server.reply;

import ai.hadal.error.HadalException;
import java.time.Duration;

/// A request whose tenant has used up a quota. Nothing was done for it.
public final class QuotaException extends HadalException {

    private static final long serialVersionUID = 1L;

    private final Duration wait;

    QuotaException(String message, Duration wait) {
        super(message);
        this.wait = wait;
    }

    /// How long until there is something again.
    public Duration untilMore() {
        return wait;
    }
}
