package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;
import java.util.stream.Stream;

/// Tools are on offer, but none is needed or none fits.
final class ToolNoneTask implements Task {

    @Override
    public String name() {
        return "tool-none";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        return draw.chance(50) ? notNeeded(draw, script, chinese) : missing(draw, script, chinese);
    }

    private static Episode notNeeded(Draw draw, Script script, boolean chinese) {
        var facts = RecallTask.facts(draw, draw.integer(1, 5), chinese);
        Fact asked = draw.of(facts);
        var others = facts.stream().filter(fact -> !fact.equals(asked)).toList();
        Thought found = Quote.find(script, false, chinese, asked, others);
        String why = chinese ? "不需要工具。" : "No tool is needed. ";
        return script.tools(ToolBox.offer(draw, List.of()))
                .user(RecallTask.text(draw, facts, chinese) + "\n" + asked.question())
                .answer(new Thought(why + found.high(), why + found.max()), asked.line())
                .end(asked.subject() + "=" + asked.value());
    }

    private static Episode missing(Draw draw, Script script, boolean chinese) {
        ToolQuestion question = draw.of(
                ToolQuestions.time(draw, chinese),
                ToolQuestions.weather(draw, chinese),
                ToolQuestions.file(draw, chinese));
        ToolBox tool = question.step().tool();
        Term subject = switch (tool) {
            case GET_TIME -> new Term("the time", "时间");
            case GET_WEATHER -> new Term("the weather", "天气");
            default -> new Term("files", "文件");
        };
        var shown = draw.some(
                Stream.of(ToolBox.values()).filter(other -> other != tool).toList(), draw.integer(1, 3));
        String answer = chinese ? "我没有查" + subject.zh() + "的工具。" : "I have no tool for " + subject.en() + ".";
        return script.tools(shown)
                .user(question.question())
                .answer(thought(script, shown, subject, answer, chinese), answer)
                .end(question.step().value() + "," + tool.called());
    }

    private static Thought thought(Script script, List<ToolBox> shown, Term subject, String answer, boolean chinese) {
        String need = chinese ? "需要查" + subject.zh() + "。" : "I need " + subject.en() + ".";
        String list = String.join(", ", shown.stream().map(ToolBox::called).toList());
        String none = chinese ? "工具有" + list + "。没有一个能查" : " The tools are " + list + ". None of them gives ";
        String checked = none + subject.in(chinese) + (chinese ? "。" : ". ");
        String space = chinese ? "" : " ";
        return new Thought(need + space + answer, need + slip(script, shown, subject, chinese) + checked + answer);
    }

    private static String slip(Script script, List<ToolBox> shown, Term subject, boolean chinese) {
        if (!script.slips(0, 1)) {
            return "";
        }
        String wrong = script.aside().of(shown).called();
        return chinese
                ? Script.mistake("调用" + wrong + "。") + "检查：" + wrong + "不能查" + subject.zh() + "。"
                : Script.mistake(" I call " + wrong + ".") + " Check: " + wrong + " does not give " + subject.en()
                        + ".";
    }
}
