package ai.hadal.train.nano;

import ai.hadal.model.Model;
import ai.hadal.tokenizer.Tokenizer;
import java.util.List;

/// The exam of a model on held-out questions: each is a conversation that the model leads with its own replies, by
/// the likeliest token each time.
///
/// Many questions are answered at once, since a step on many texts costs little more than on one. The logits of a
/// text do not depend on the others, so the answers are those of one question after the other.
public final class Exam {

    /// Questions answered at once.
    private static final int SITTINGS = 32;

    private static final int STEP_TOKENS = 256;

    private final Examinee examinee;
    private final Tokenizer tokenizer;
    private final int sittings;
    private final int stepTokens;

    /// An exam of an open model, which must run no other steps meanwhile.
    public Exam(Model model, Tokenizer tokenizer) {
        this(model, tokenizer, STEP_TOKENS);
    }

    /// As [#Exam(Model, Tokenizer)], with this many tokens in one step; they never change an answer.
    public Exam(Model model, Tokenizer tokenizer, int stepTokens) {
        this(new ModelExaminee(model), tokenizer, SITTINGS, stepTokens);
    }

    /// @param sittings questions answered at once
    Exam(Examinee examinee, Tokenizer tokenizer, int sittings, int stepTokens) {
        this.examinee = examinee;
        this.tokenizer = tokenizer;
        this.sittings = sittings;
        this.stepTokens = stepTokens;
    }

    /// The questions of one task that are counted together.
    record Paper(ExamPart part, Task task) {}

    /// Asks all questions of a plan.
    ///
    /// @return what came out, of the questions answered so far if the listener cancels
    public ExamReport run(ExamPlan plan, ExamListener listener) {
        return run(plan.papers(), plan.questions(), plan.seed(), listener);
    }

    ExamReport run(List<Paper> papers, int questions, long seed, ExamListener listener) {
        return new ExamRun(examinee, tokenizer, sittings, stepTokens, papers, questions, seed, listener).report();
    }
}
