package ai.hadal.chat;

import org.jspecify.annotations.Nullable;

/// A call of a tool by the model.
///
/// @param id ties the call to its [Message.Tool] result; the model itself prints none
/// @param argumentsJson the arguments as JSON text, normally an object. Text that is not valid JSON is shown to the
///     model as one parameter named `arguments`; valid JSON of another kind is refused.
public record ToolCall(@Nullable String id, String name, String argumentsJson) {}
