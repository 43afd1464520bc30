package ai.hadal.chat;

/// What a growing reply adds. Text comes in pieces; no piece ends between the halves of a surrogate pair.
///
/// Calls are safe to run once [End] came without a [Malformed]: a fault may show up after a call has ended.
public sealed interface ReplyEvent {

    /// A piece of the reasoning.
    record Reasoning(String text) implements ReplyEvent {}

    /// A piece of the answer.
    record Text(String text) implements ReplyEvent {}

    /// A call begins; calls are counted from 0.
    record ToolCallStart(int index, String name) implements ReplyEvent {}

    /// A piece of the JSON text of the arguments.
    record ToolCallArguments(int index, String delta) implements ReplyEvent {}

    /// A call is complete.
    ///
    /// @param arguments all pieces of its arguments
    record ToolCallEnd(int index, String name, String arguments) implements ReplyEvent {}

    /// A piece of raw text that has no place in the protocol, markup included. Pieces of one fault follow each other
    /// with the same reason; the first may be empty if the fault is that something is missing.
    record Malformed(String reason, String raw) implements ReplyEvent {}

    /// The reply is over; always the last event.
    ///
    /// @param complete the model ended it: false if generation was stopped, for example by a length limit
    record End(boolean complete) implements ReplyEvent {}
}
