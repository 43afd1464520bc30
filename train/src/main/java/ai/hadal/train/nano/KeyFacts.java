package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Lines that give a code or a word to a thing, such as `The code for the copper lantern is 5821.` No thing comes
/// twice. The value follows its thing at once, so both fit into one compressed block.
final class KeyFacts {

    private final Draw draw;
    private final boolean chinese;
    private final Set<String> things = new HashSet<>();

    KeyFacts(Draw draw, boolean chinese) {
        this.draw = draw;
        this.chinese = chinese;
    }

    Fact next() {
        return fact(newThing(), draw.chance(70));
    }

    List<Fact> next(int count) {
        var facts = new ArrayList<Fact>(count);
        for (int i = 0; i < count; i++) {
            facts.add(next());
        }
        return facts;
    }

    /// Whether the language still has an unused thing to speak of.
    boolean isUsedUp() {
        return things.size() >= (chinese ? 800 : 3_000);
    }

    private String newThing() {
        String thing;
        do {
            thing = chinese
                    ? draw.of(Words.ADJECTIVES_ZH) + draw.of(Words.NOUNS_ZH)
                    : draw.of(Words.ADJECTIVES) + " " + draw.of(Words.NOUNS);
        } while (!things.add(thing));
        return thing;
    }

    private Fact fact(String thing, boolean code) {
        String value = code
                ? Integer.toString(draw.chance(70) ? draw.integer(1_000, 9_999) : draw.integer(10_000, 99_999))
                : draw.of(Words.SECRETS).in(chinese);
        if (chinese) {
            String kind = code ? "号码" : "暗号";
            return new Fact(thing, thing + "的" + kind + "是" + value + "。", thing + "的" + kind + "是什么？", value);
        }
        String kind = code ? "code" : "word";
        return new Fact(
                "the " + thing,
                "The " + kind + " for the " + thing + " is " + value + ".",
                "What is the " + kind + " for the " + thing + "?",
                value);
    }
}
