package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// A short story and a question about it: who, where, what, when, why, and how it ended.
final class StoryTask implements Task {

    private static final List<Term> WHEN =
            Term.list("One morning 一天早上, One evening 一天晚上, One day 有一天, On Monday 星期一, On Friday 星期五, Last night 昨天夜里");

    @Override
    public String name() {
        return "story";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean zh = draw.chance(25);
        Slots slots = slots(draw, zh);
        Plot.Told told = draw.of(zh ? Plots.CHINESE : Plots.ENGLISH).tell(draw, slots);
        Plot.Question asked = draw.of(told.questions());
        String space = zh ? "" : " ";
        String story = String.join(space, told.sentences());
        return script.user(story + "\n" + asked.ask())
                .answer(thought(script, told, asked, zh), asked.answer())
                .end(asked.ask() + slots);
    }

    private static Slots slots(Draw draw, boolean zh) {
        var names = draw.some(Words.names(zh), 2);
        var animals = draw.some(Words.ANIMALS, 2);
        var places = draw.some(Words.PLACES, 2);
        return new Slots()
                .with('A', names.get(0))
                .with('B', names.get(1))
                .with('a', animals.get(0).in(zh))
                .with('b', animals.get(1).in(zh))
                .with('p', places.get(0).in(zh))
                .with('q', places.get(1).in(zh))
                .with('c', draw.of(Words.COLOURS).in(zh))
                .with('t', draw.of(Words.THINGS).in(zh))
                .with('f', draw.of(Words.FOODS).in(zh))
                .with('w', draw.of(WHEN).in(zh));
    }

    private static Thought thought(Script script, Plot.Told told, Plot.Question asked, boolean zh) {
        String line = told.sentences().get(asked.sentence());
        String space = zh ? "" : " ";
        var max = new StringBuilder();
        int wrong = script.aside().integer(0, told.sentences().size() - 1);
        if (script.slips(0, 1) && wrong != asked.sentence()) {
            max.append(Script.mistake(told.sentences().get(wrong) + space))
                    .append(zh ? "这没有回答：" : "That does not answer: ")
                    .append(asked.ask())
                    .append(space);
        }
        max.append(line).append(space).append(zh ? "问题是：" : "The question is: ").append(asked.ask());
        String last = told.sentences().getLast();
        max.append(space).append(zh ? "故事最后说：" : "The story ends: ").append(last);
        max.append(zh ? "这和答案不矛盾。答案是：" : " That changes nothing. The answer is: ")
                .append(asked.answer());
        return new Thought(line, max.toString());
    }
}
