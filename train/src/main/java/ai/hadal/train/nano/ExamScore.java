package ai.hadal.train.nano;

import java.util.Collection;

/// The answers of a part of an exam, counted.
///
/// @param questions how many were answered
/// @param right how many of them are right from the first turn to the last
/// @param turns turns up to the first wrong one, itself included
/// @param rightTurns how many of them were right
/// @param callReplies replies with a tool call or the beginnings of one
/// @param wellFormedCallReplies those whose calls can be carried out
/// @param promptTokens tokens read
/// @param tokens tokens generated
public record ExamScore(
        int questions,
        int right,
        int turns,
        int rightTurns,
        int callReplies,
        int wellFormedCallReplies,
        long promptTokens,
        long tokens) {

    /// The normal distribution leaves 2.5 % beyond this on each side.
    private static final double Z = 1.959963984540054;

    static ExamScore of(Collection<ExamAnswer> answers) {
        var score = new ExamScore(0, 0, 0, 0, 0, 0, 0, 0);
        for (var answer : answers) {
            score = score.plus(answer);
        }
        return score;
    }

    private ExamScore plus(ExamAnswer answer) {
        return new ExamScore(
                questions + 1,
                right + (answer.right() ? 1 : 0),
                turns + answer.rightTurns() + (answer.right() ? 0 : 1),
                rightTurns + answer.rightTurns(),
                callReplies + answer.callReplies(),
                wellFormedCallReplies + answer.wellFormedCallReplies(),
                promptTokens + answer.promptTokens(),
                tokens + answer.tokens());
    }

    /// Share of right answers, 0 to 1; NaN without questions.
    public double accuracy() {
        return (double) right / questions;
    }

    /// Lower end of the Wilson interval that holds the accuracy with 95 % confidence.
    public double low() {
        return Math.max(0, centre() - halfWidth());
    }

    /// Upper end of the same interval.
    public double high() {
        return Math.min(1, centre() + halfWidth());
    }

    private double centre() {
        return (accuracy() + Z * Z / (2 * questions)) / (1 + Z * Z / questions);
    }

    private double halfWidth() {
        double p = accuracy();
        double spread = p * (1 - p) / questions + Z * Z / (4.0 * questions * questions);
        return Z * Math.sqrt(spread) / (1 + Z * Z / questions);
    }
}
