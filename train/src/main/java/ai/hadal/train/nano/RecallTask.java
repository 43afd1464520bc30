package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// One fact out of a short text: what all longer reading rests on.
final class RecallTask implements Task {

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        var facts = facts(draw, draw.integer(1, 10), chinese);
        Fact asked = draw.of(facts);
        var others = facts.stream().filter(fact -> fact != asked).toList();
        return script.user(text(draw, facts, chinese) + "\n" + asked.question())
                .answer(Quote.find(script, script.slips(0, 1), chinese, asked, others), asked.value())
                .end(asked.subject() + "=" + asked.value());
    }

    static List<Fact> facts(Draw draw, int count, boolean chinese) {
        if (draw.chance(20)) {
            return new KeyFacts(draw, chinese).next(count);
        }
        return draw.of(RecallKind.values()).facts(draw, count, draw.chance(40), chinese);
    }

    static String text(Draw draw, List<Fact> facts, boolean chinese) {
        String between = draw.chance(50) ? "\n" : chinese ? "" : " ";
        return String.join(between, facts.stream().map(Fact::line).toList());
    }
}
