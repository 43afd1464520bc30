package ai.hadal.server.reply;

/// Whether the model must call tools.
public sealed interface ToolChoice {

    /// It may.
    record Auto() implements ToolChoice {}

    /// It may not.
    record None() implements ToolChoice {}

    /// It must call one.
    record Required() implements ToolChoice {}

    /// It must call this one.
    record Named(String name) implements ToolChoice {}
}
