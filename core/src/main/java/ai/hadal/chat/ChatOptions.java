package ai.hadal.chat;

/// How a conversation becomes a prompt.
///
/// @param dropThinking leave out the reasoning of earlier turns; has no effect when tools are defined, since the
///     model then needs what it thought between its calls
/// @param beginOfSentence start the prompt with [Markers#BEGIN_OF_SENTENCE], unless it continues a context
/// @param parseSpecial recognise special tokens in what messages say too, as the official encoding does: whoever may
///     say something may forge a turn then
public record ChatOptions(ThinkingMode mode, boolean dropThinking, boolean beginOfSentence, boolean parseSpecial) {

    /// Earlier reasoning is dropped, the prompt starts with the begin marker, and contents are text.
    public static ChatOptions of(ThinkingMode mode) {
        return new ChatOptions(mode, true, true, false);
    }

    public ChatOptions withDropThinking(boolean drop) {
        return new ChatOptions(mode, drop, beginOfSentence, parseSpecial);
    }

    public ChatOptions withBeginOfSentence(boolean begin) {
        return new ChatOptions(mode, dropThinking, begin, parseSpecial);
    }

    public ChatOptions withParseSpecial(boolean parse) {
        return new ChatOptions(mode, dropThinking, beginOfSentence, parse);
    }
}
