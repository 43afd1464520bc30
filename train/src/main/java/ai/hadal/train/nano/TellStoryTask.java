package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// A story about an animal and a thing. The thing decides which story it is, so the story can be learnt.
final class TellStoryTask implements Task {

    private static final List<String> ENGLISH = List.of(
            "Once there was $A. The $a found $T in the forest. The $t was old and dirty. The $a cleaned it every day. "
                    + "Soon the $t was as good as new. The $a showed it to all friends and was happy.",
            "$C lived near a river. One day the $a lost $T. The $a looked here and there. A small bird saw the $t in "
                    + "the grass. The $a said thank you. They were friends from that day on.",
            "Once $A wanted $T. The market had one, but it cost too much. So the $a helped the baker for a week. The "
                    + "baker paid ten coins. The $a bought the $t and took it home.",
            "It was a cold night. $C sat alone with $T. Then somebody came to the door. It was a small mouse. The $a "
                    + "let it in and showed it the $t. In the morning both were happy.",
            "$C and a frog made $T together. The frog was fast, but the $a was careful. Rain came and the $t broke. "
                    + "They did not stop and made it again. Now the $t was strong.",
            "$C had $T that nobody liked. Everybody laughed at it. One day the village needed $T. The $a came and "
                    + "helped at once. Nobody laughed any more.");

    private static final List<String> CHINESE = List.of(
            "从前有一只$a。$a在森林里找到了$t。$t又旧又脏。$a每天擦它。后来$t像新的一样。$a很高兴。",
            "一只$a住在河边。有一天，$a丢了$t。$a到处找。一只小鸟在草里看见了$t。$a说谢谢。他们成了朋友。",
            "从前，一只$a想要$t。市场里有，但是太贵了。$a帮面包师工作了一个星期。面包师给了十元。$a买了$t回家。",
            "一个很冷的晚上，一只$a和$t在家。有人来到门口。原来是一只小老鼠。$a让它进来看$t。早上他们都很高兴。",
            "一只$a和青蛙一起做$t。青蛙很快，$a很小心。下雨了，$t坏了。他们没有停，又做了一次。现在$t很好。",
            "一只$a有$t，谁都不喜欢。大家都笑它。有一天，村子需要$t。$a马上来帮忙。没有人再笑它了。");

    private static final List<Term> IDEAS = Term.list("""
        find and clean 找到和擦, lose and find 丢了和找到, work and buy 工作和买, a guest at night 晚上的客人, \
        make it again 再做一次, laugh and help 笑和帮忙""");

    @Override
    public String name() {
        return "tell-story";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean zh = draw.chance(25);
        String animal = draw.of(Words.ANIMALS).in(zh);
        int thingAt = draw.integer(0, Words.THINGS.size() - 1);
        String thing = Words.THINGS.get(thingAt).in(zh);
        int phrase = draw.integer(0, 2);
        int plot = thingAt % ENGLISH.size();
        String both = zh ? animal + "和" + thing : Words.a(animal) + " and " + Words.a(thing);
        String story = new Slots()
                .with('a', animal)
                .with('t', thing)
                .with('A', Words.a(animal))
                .with('C', Words.capital(Words.a(animal)))
                .with('T', Words.a(thing))
                .fill((zh ? CHINESE : ENGLISH).get(plot));
        return script.user(question(phrase, both, zh))
                .answer(thought(script, both, plot, zh), story)
                .end(animal + "," + thing + "," + phrase);
    }

    private static String question(int phrase, String both, boolean zh) {
        return switch (phrase) {
            case 0 -> zh ? "讲一个关于" + both + "的故事。" : "Tell me a story about " + both + ".";
            case 1 -> zh ? "写一个有" + both + "的故事。" : "Write a short story with " + both + ".";
            default -> zh ? "我想听" + both + "的故事。" : "I want to hear a story about " + both + ".";
        };
    }

    private static Thought thought(Script script, String both, int plot, boolean zh) {
        String about = zh ? "故事里有" + both + "。" : "The story is about " + both + ".";
        String idea = idea(plot, zh);
        int other = script.aside().integer(0, IDEAS.size() - 1);
        String wrong = script.slips(0, 1) && other != plot
                ? Script.mistake(idea(other, zh)) + (zh ? "这个不合适。" : " That does not fit.")
                : "";
        String check = zh ? "检查：" + both + "都在故事里。" : " Check: " + both + " are both in it.";
        return new Thought(
                about + (zh ? "" : " ") + idea.strip(), about + wrong + (zh ? "" : " ") + idea.strip() + check);
    }

    private static String idea(int plot, boolean zh) {
        String idea = IDEAS.get(plot).in(zh);
        return zh ? "想法：" + idea + "。" : " Idea: " + idea + ".";
    }
}
