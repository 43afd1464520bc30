package ai.hadal.engine;

/// Why generation ended.
public enum FinishReason {
    /// The model ended its turn.
    END_OF_TURN,
    /// A stop string or stop token was reached.
    STOP,
    /// The limit of new tokens or of the context was reached.
    LENGTH,
    /// The caller cancelled.
    CANCELLED
}
