package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// A tool that finds nothing: the assistant calls again with the name the tool proposes, or says that there is none.
final class ToolErrorTask implements Task {

    @Override
    public String name() {
        return "tool-error";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        return draw.chance(50) ? retried(draw, script, chinese) : given(draw, script, chinese);
    }

    /// The user names a file slightly wrong.
    private static Episode retried(Draw draw, Script script, boolean chinese) {
        ToolQuestion right = ToolQuestions.file(draw, chinese);
        String path = right.step().value();
        int dot = path.indexOf('.');
        String asked =
                draw.of(path.substring(0, dot - 1) + path.substring(dot), path.replace(".", "s."), "old/" + path);
        String error = "Error: " + asked + " not found. Did you mean " + path + "?";
        var first = Step.asked(ToolBox.READ_FILE, asked, path, error, chinese);
        var second =
                Step.found(ToolBox.READ_FILE, path, asked, path, right.step().result(), chinese);
        return script.tools(ToolBox.offer(draw, List.of(ToolBox.READ_FILE)))
                .user(right.question().replace(path, asked))
                .call(first.decide(script.slips(0, 2), chinese), first.call())
                .results(error)
                .call(second.decide(script.slips(1, 2), chinese), second.call())
                .results(second.result())
                .answer(second.read(chinese), right.answer())
                .end(asked + ">" + right.key());
    }

    private static Episode given(Draw draw, Script script, boolean chinese) {
        ToolQuestion question =
                draw.chance(50) ? ToolQuestions.lookup(draw, chinese) : ToolQuestions.file(draw, chinese);
        String value = question.step().value();
        String error = "Error: " + value + " not found.";
        var step = Step.asked(question.step().tool(), value, question.step().near(), error, chinese);
        String what = (step.tool() == ToolBox.LOOKUP ? "the " : "") + value;
        String answer = chinese ? "我没有找到" + value + "。" : "I could not find " + what + ".";
        Thought read = chinese
                ? new Thought(
                        "没有找到" + value + "。", "结果是" + error + "我查的是" + value + "。检查：" + step.source() + "，一样。没有找到。")
                : new Thought(
                        what + " was not found.",
                        "The result is " + error + " I asked for " + value + ". Check: " + step.source()
                                + ". The same. It was not found.");
        return script.tools(ToolBox.offer(draw, List.of(step.tool())))
                .user(question.question())
                .call(step.decide(script.slips(0, 1), chinese), step.call())
                .results(error)
                .answer(read, answer)
                .end(value);
    }
}
