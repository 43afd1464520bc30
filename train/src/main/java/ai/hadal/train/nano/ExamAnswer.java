package ai.hadal.train.nano;

import org.jspecify.annotations.Nullable;

/// How one question of an exam was answered. A question is a conversation; it is right if every turn of the
/// assistant is, and ends with the first that is not.
///
/// @param number of the question within its part, from 0
/// @param turns turns that the conversation asks of the assistant
/// @param rightTurns how many were right
/// @param callReplies replies with a tool call or the beginnings of one
/// @param wellFormedCallReplies those whose calls can be carried out: markup right, tools known, arguments JSON
///     objects
/// @param promptTokens tokens that were read, those kept from an earlier turn not counted again
/// @param tokens tokens that were generated
/// @param mistake the reply that was wrong, null if all were right
public record ExamAnswer(
        ExamPart part,
        int number,
        int turns,
        int rightTurns,
        int callReplies,
        int wellFormedCallReplies,
        long promptTokens,
        long tokens,
        @Nullable Mistake mistake) {

    /// A wrong reply.
    ///
    /// @param question the text of the last message before it
    /// @param expected the reply that was expected, reasoning and markers included
    /// @param reply what was generated, markers included
    /// @param fault what is wrong with it
    public record Mistake(String question, String expected, String reply, String fault) {}

    public boolean right() {
        return mistake == null;
    }
}
