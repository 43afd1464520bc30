package ai.hadal.engine;

import ai.hadal.error.HadalException;

/// A request that is not taken, most often by a [Scheduler]. Nothing was done for it.
public final class RefusedException extends HadalException {

    /// Why, in kinds that a protocol can tell apart.
    public enum Kind {
        /// It can never fit: prompt and answer are longer than the context or the memory.
        TOO_LARGE,
        /// Too many requests wait already.
        QUEUE_FULL,
        /// This tenant has too many requests.
        TENANT_LIMIT,
        /// The scheduler ends.
        SHUTTING_DOWN
    }

    private final Kind kind;

    RefusedException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
