package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;
import java.util.stream.Collectors;

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
        var others = facts.stream().filter(fact -> !fact.equals(asked)).toList();
        return script.user(text(draw, facts, chinese) + "\n" + asked.question())
                .answer(Quote.find(script, script.slips(0, 1), chinese, asked, others), asked.line())
                .end(asked.subject() + "=" + asked.value());
    }

    static List<Fact> facts(Draw draw, int count, boolean chinese) {
        if (draw.chance(20)) {
            return new KeyFacts(draw, chinese).next(count);
        }
        return draw.of(RecallKind.values()).facts(draw, count, draw.chance(40), chinese);
    }

    static String text(Draw draw, List<Fact> facts, boolean chinese) {
        var lines = facts.stream().map(Fact::line).toList();
        return draw.chance(50) ? list(lines) : String.join(chinese ? "" : " ", lines);
    }

    /// As a list in Markdown. Its marks give the first word of a line the space that it has inside a sentence, so
    /// that it is the same token there.
    static String list(List<String> lines) {
        return lines.stream().map(line -> "- " + line).collect(Collectors.joining("\n"));
    }
}
