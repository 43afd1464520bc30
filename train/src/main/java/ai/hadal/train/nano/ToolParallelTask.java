package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// Two questions at once, answered by two calls in one turn.
final class ToolParallelTask implements Task {

    @Override
    public String name() {
        return "tool-parallel";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        ToolQuestion first = question(draw, chinese);
        ToolQuestion second = question(draw, chinese);
        while (second.step().value().equals(first.step().value())) {
            second = question(draw, chinese);
        }
        var needed = first.step().tool() == second.step().tool()
                ? List.of(first.step().tool())
                : List.of(first.step().tool(), second.step().tool());
        String and = chinese ? "，" : " and ";
        String user = first.ask() + and + second.ask();
        String answer = first.statement() + and + second.statement();
        int wrong = script.slips(0, 2) ? 0 : script.slips(1, 2) ? 1 : -1;
        return script.tools(ToolBox.offer(draw, needed))
                .user(chinese ? user + "？" : Words.capital(user) + "?")
                .call(
                        both(
                                first.step().decide(wrong == 0, chinese),
                                second.step().decide(wrong == 1, chinese)),
                        first.step().call(),
                        second.step().call())
                .results(first.step().result(), second.step().result())
                .answer(
                        both(first.step().read(chinese), second.step().read(chinese)),
                        chinese ? answer + "。" : Words.capital(answer) + ".")
                .end(first.key() + "," + second.key());
    }

    private static ToolQuestion question(Draw draw, boolean chinese) {
        return switch (draw.integer(0, 3)) {
            case 0 -> ToolQuestions.time(draw, chinese);
            case 1 -> ToolQuestions.weather(draw, chinese);
            default -> ToolQuestions.lookup(draw, chinese);
        };
    }

    private static Thought both(Thought first, Thought second) {
        return new Thought(first.high() + "\n" + second.high(), first.max() + "\n" + second.max());
    }
}
