package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;
import java.util.function.BiFunction;

/// A question that needs one call of one of the tools on offer.
///
/// @param questions draws the question in English or, where the flag is set, in Chinese
record ToolTask(String name, BiFunction<Draw, Boolean, ToolQuestion> questions) implements Task {

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        ToolQuestion question = questions.apply(draw, chinese);
        Step step = question.step();
        return script.tools(ToolBox.offer(draw, List.of(step.tool())))
                .user(question.question())
                .call(step.decide(script.slips(0, 1), chinese), step.call())
                .results(step.result())
                .answer(step.read(chinese), question.answer())
                .end(question.key());
    }
}
