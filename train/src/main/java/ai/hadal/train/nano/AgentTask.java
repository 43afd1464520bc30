package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/// Work in steps: each turn calls one tool, the last one answers.
///
/// @param plans draws a plan in English or, where the flag is set, in Chinese
record AgentTask(String name, BiFunction<Draw, Boolean, AgentPlan> plans) implements Task {

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        AgentPlan plan = plans.apply(draw, chinese);
        var steps = plan.steps();
        var needed = EnumSet.noneOf(ToolBox.class);
        steps.forEach(step -> needed.add(step.tool()));
        script.tools(ToolBox.offer(draw, new ArrayList<>(needed))).user(plan.question());
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Thought next = step.decide(script.slips(i, steps.size()), chinese);
            script.call(i == 0 ? next : after(steps.get(i - 1), next, chinese), step.call())
                    .results(step.result());
        }
        Thought read = steps.getLast().read(chinese);
        String end = (chinese ? "" : " ") + plan.conclusion();
        return script.answer(new Thought(read.high() + end, read.max() + end), plan.answer())
                .end(steps.stream()
                        .map(step -> step.value() + "=" + step.result())
                        .collect(Collectors.joining(",")));
    }

    /// Reads the last result, then decides on the next call.
    private static Thought after(Step last, Thought next, boolean chinese) {
        String space = chinese ? "" : " ";
        Thought read = last.read(chinese);
        return new Thought(read.high() + space + next.high(), read.high() + space + next.max());
    }
}
