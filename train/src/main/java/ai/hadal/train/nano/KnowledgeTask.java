package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// Questions with fixed answers. Wordings are held out, never facts: each is learnt in most of its wordings.
///
/// @param english what there is to know in English
/// @param chinese what there is to know in Chinese
record KnowledgeTask(String name, List<Knowledge> english, List<Knowledge> chinese) implements Task {

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean zh = draw.chance(25);
        var all = zh ? chinese : english;
        Knowledge asked = draw.of(all);
        int phrase = draw.integer(0, asked.questions().size() - 1);
        String question = asked.questions().get(phrase);
        Knowledge other = script.aside().of(all);
        return script.user(question)
                .answer(asked.recall(script.slips(0, 1), question, other, zh), asked.answer())
                .end(asked.statement() + "?" + phrase);
    }
}
