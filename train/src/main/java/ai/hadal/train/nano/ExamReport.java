package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What came out of an exam.
///
/// @param answers part after part, each by number
/// @param complete whether all questions were answered
/// @param questions planned for each part
/// @param seed the plan's
/// @param stepTokens tokens of all steps
/// @param seconds wall time
public record ExamReport(
        List<ExamAnswer> answers, boolean complete, int questions, long seed, long stepTokens, double seconds) {

    public ExamReport {
        answers = List.copyOf(answers);
    }

    /// The parts with an answer, in the order of the plan.
    public List<ExamPart> parts() {
        return answers.stream().map(ExamAnswer::part).distinct().toList();
    }

    /// Score of one part.
    public ExamScore score(ExamPart part) {
        return score(answer -> answer.part().equals(part));
    }

    /// Score of all tasks in one mode, without the retrieval table.
    public ExamScore score(ThinkingMode mode) {
        return score(answer -> answer.part() instanceof ExamPart.Plain plain && plain.mode() == mode);
    }

    /// Score of all questions.
    public ExamScore total() {
        return score(_ -> true);
    }

    private ExamScore score(Predicate<ExamAnswer> counts) {
        return ExamScore.of(answers.stream().filter(counts).toList());
    }

    /// Tokens a second, read and generated.
    public double tokensPerSecond() {
        return stepTokens / seconds;
    }

    /// The tables that people read: by mode, by task, and retrieval, without those that would be empty.
    public List<ExamTable> tables() {
        return ExamTables.of(this);
    }

    /// The tables in Markdown. Nothing in them depends on the machine.
    public String markdown() {
        return tables().stream().map(ExamTable::markdown).collect(Collectors.joining("\n"));
    }

    /// Everything as JSON, the wrong replies included.
    public ObjectNode json() {
        return ExamJson.of(this);
    }
}
