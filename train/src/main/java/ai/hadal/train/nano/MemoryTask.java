package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user tells facts turn by turn, corrects one at times, and asks for some of them.
final class MemoryTask implements Task {

    /// What is known of a slot.
    ///
    /// @param old the value before the correction, null if there was none
    private record Known(
            MemorySlot slot, String value, @Nullable String old) {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean zh = draw.chance(25);
        var known = known(draw, draw.integer(2, 5), zh);
        var asked = asked(draw, known);
        int between = draw.chance(25) ? draw.integer(1, known.size() - 1) : 0;
        if (draw.chance(20)) {
            script.system(zh ? "你是一个乐于助人的助手。" : "You are a helpful assistant.");
        }
        for (int i = 0; i < known.size(); i++) {
            Known next = known.get(i);
            tell(script, next.slot().tell(next.old() == null ? next.value() : next.old(), zh), zh);
            if (i + 1 == between && known.getFirst().old() == null) {
                ask(script, known.getFirst(), known, false, zh);
            }
        }
        for (Known fact : known) {
            if (fact.old() != null) {
                tell(script, fact.slot().correct(fact.value(), zh), zh);
            }
        }
        for (int i = 0; i < asked.size(); i++) {
            ask(script, asked.get(i), known, script.slips(i, asked.size()), zh);
        }
        return script.end(key(known, asked.getLast()));
    }

    /// Facts of different slots, one of them corrected later in two cases of five.
    private static List<Known> known(Draw draw, int count, boolean zh) {
        var known = new ArrayList<Known>();
        int corrected = draw.chance(40) ? draw.integer(0, count - 1) : -1;
        for (MemorySlot slot : draw.some(List.of(MemorySlot.values()), count)) {
            var values = slot.values(draw, zh);
            known.add(new Known(slot, values.get(0), known.size() == corrected ? values.get(1) : null));
        }
        return known;
    }

    /// One or two facts, a corrected one often among them.
    private static List<Known> asked(Draw draw, List<Known> known) {
        var asked = draw.some(known, draw.integer(1, 2));
        var corrected = known.stream().filter(fact -> fact.old() != null).toList();
        return !corrected.isEmpty() && draw.chance(50) ? corrected : asked;
    }

    private static void tell(Script script, String told, boolean zh) {
        script.user(told)
                .answer(
                        zh
                                ? new Thought("用户告诉我一件事。", "用户告诉我一件事：" + told + "没有问题要回答。")
                                : new Thought(
                                        "The user tells me a fact.",
                                        "The user tells me a fact: " + told + " Nothing is asked."),
                        zh ? "好的。" : "OK.");
    }

    private static void ask(Script script, Known fact, List<Known> known, boolean slips, boolean zh) {
        MemorySlot slot = fact.slot();
        String said = zh ? "用户说过：" : "The user said: ";
        String space = zh ? "" : " ";
        String now = said + slot.tell(fact.value(), zh);
        var max = new StringBuilder();
        if (slips && fact.old() == null) {
            Known other = known.get(0) == fact ? known.get(1) : known.get(0);
            max.append(Script.mistake(said + other.slot().tell(other.value(), zh) + space))
                    .append(zh ? "这不是问题要的：" : "That does not answer: ")
                    .append(slot.ask(zh))
                    .append(space);
        }
        if (fact.old() == null) {
            max.append(now).append(space).append(zh ? "有没有更正？没有。" : "Is there a correction? No. ");
        } else {
            max.append(said).append(slot.tell(fact.old(), zh)).append(space);
            if (slips) {
                max.append(Script.mistake(conclude(fact.old(), zh) + space));
            }
            max.append(zh ? "有没有更正？有。" : "Is there a correction? Yes. ")
                    .append(now)
                    .append(space);
        }
        max.append(conclude(fact.value(), zh));
        script.user(slot.ask(zh)).answer(new Thought(now, max.toString()), slot.answer(fact.value(), zh));
    }

    private static String conclude(String value, boolean zh) {
        return zh ? "所以答案是" + value + "。" : "So the answer is " + value + ".";
    }

    private static String key(List<Known> known, Known asked) {
        var values = new ArrayList<String>();
        known.forEach(fact -> values.add(fact.slot() + "=" + fact.value() + "<" + fact.old()));
        Collections.sort(values);
        return asked.slot() + "?" + String.join(",", values);
    }
}
