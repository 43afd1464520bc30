package ai.hadal.chat;

/// One part of what a user or a tool says.
public sealed interface ContentBlock {

    record Text(String text) implements ContentBlock {}

    /// A part the model cannot read, such as an image. In a tool result it is printed as `[Unsupported type]`; in a
    /// user message it is refused.
    ///
    /// @param type what kind of part it is, for the message to the user
    record Unsupported(String type) implements ContentBlock {}
}
