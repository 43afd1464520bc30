package ai.hadal.chat;

/// Whether a reply calls tools.
public sealed interface ToolChoice {

    /// The model decides.
    record Auto() implements ToolChoice {}

    /// Never.
    record None() implements ToolChoice {}

    /// At least once, whichever tool.
    record Required() implements ToolChoice {}

    /// This tool.
    record Named(String name) implements ToolChoice {}
}
