package ai.hadal.chat;

/// How much the model reasons before it answers. The official encoding spells these as a mode and an effort: `chat`,
/// `thinking` with effort `high` (or none, which reads the same) and `thinking` with effort `max`.
public enum ThinkingMode {
    /// The answer follows at once.
    NON_THINK,
    /// Reasoning first, in the model's own measure.
    HIGH,
    /// Reasoning first, and a preamble that asks for as much of it as possible.
    MAX;

    /// Whether replies start with reasoning.
    public boolean thinks() {
        return this != NON_THINK;
    }
}
