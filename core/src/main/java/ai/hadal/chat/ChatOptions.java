package ai.hadal.chat;

/// How a conversation becomes a prompt.
///
/// @param dropThinking leave out the reasoning of earlier turns; has no effect when tools are defined, since the
///     model then needs what it thought between its calls
/// @param beginOfSentence start the prompt with [Markers#BEGIN_OF_SENTENCE], unless it continues a context
public record ChatOptions(ThinkingMode mode, boolean dropThinking, boolean beginOfSentence) {

    /// The official defaults: earlier reasoning is dropped, the prompt starts with the begin marker.
    public static ChatOptions of(ThinkingMode mode) {
        return new ChatOptions(mode, true, true);
    }

    public ChatOptions withDropThinking(boolean drop) {
        return new ChatOptions(mode, drop, beginOfSentence);
    }

    public ChatOptions withBeginOfSentence(boolean begin) {
        return new ChatOptions(mode, dropThinking, begin);
    }
}
