package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// Several questions, one turn each, about one list of facts: many answers for the reading of one text.
final class RecallManyTask implements Task {

    @Override
    public String name() {
        return "recall-many";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        var facts = RecallTask.facts(draw, draw.integer(4, 10), chinese);
        var asked = draw.some(facts, draw.integer(3, facts.size()));
        return ask(script, RecallTask.text(draw, facts, chinese) + "\n", facts, asked, chinese);
    }

    /// A turn for each fact that is asked for.
    ///
    /// @param text what stands before the first question
    /// @param facts all of the text
    static Episode ask(Script script, String text, List<Fact> facts, List<Fact> asked, boolean chinese) {
        String before = text;
        for (int i = 0; i < asked.size(); i++) {
            Fact fact = asked.get(i);
            List<Fact> others =
                    facts.stream().filter(other -> !other.equals(fact)).toList();
            script.user(before + fact.question())
                    .answer(Quote.find(script, script.slips(i, asked.size()), chinese, fact, others), fact.line());
            before = "";
        }
        Fact last = asked.getLast();
        return script.end(last.subject() + "=" + last.value());
    }
}
