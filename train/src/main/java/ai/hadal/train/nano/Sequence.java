package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Worked.Slip;
import java.util.ArrayList;
import java.util.List;

/// The next number of a sequence with equal differences or equal ratios.
final class Sequence implements Task {

    @Override
    public String name() {
        return "sequence";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        boolean ratio = draw.chance(25);
        boolean down = !ratio && draw.chance(30);
        int by = ratio ? draw.of(List.of(2, 2, 3, 4, 5, 10)) : draw.integer(1, draw.chance(80) ? 9 : 12);
        int count = ratio ? 3 : draw.integer(3, 5);
        var numbers = new ArrayList<Integer>();
        numbers.add(down ? count * by + draw.integer(0, 60) : draw.integer(1, ratio ? 12 : 60));
        while (numbers.size() <= count) {
            int last = numbers.getLast();
            numbers.add(ratio ? last * by : down ? last - by : last + by);
        }
        int next = numbers.removeLast();
        String list = Sorted.join(", ", numbers);
        int last = numbers.getLast();
        String rule = (ratio ? notEqual(numbers) : "") + steps(numbers, ratio ? '*' : down ? '-' : '+', by) + last
                + (ratio ? "*" : down ? "-" : "+") + by + "=";
        int wrong = next + (draw.chance(50) || next == 0 ? 1 : -1);
        return new Worked(
                        language,
                        list,
                        language.say(
                                draw.of(
                                        "What comes next: " + list + "?",
                                        "What is the next number: " + list + ", ...?"),
                                draw.of("下一个数是多少：" + list + "？", "找规律：" + list + "，下一个是？")),
                        Integer.toString(next),
                        rule + next,
                        check(next, last, by, ratio, down),
                        new Slip(rule + wrong, check(wrong, last, by, ratio, down)))
                .episode(draw, mode);
    }

    private static String notEqual(List<Integer> numbers) {
        int first = numbers.get(1) - numbers.get(0);
        int second = numbers.get(2) - numbers.get(1);
        return numbers.get(0) + "+" + first + "=" + numbers.get(1) + "\n" + numbers.get(1) + "+" + second + "="
                + numbers.get(2) + ":" + first + "≠\n";
    }

    /// How each number follows from the one before.
    private static String steps(List<Integer> numbers, char sign, int by) {
        var text = new StringBuilder();
        for (int i = 1; i < numbers.size(); i++) {
            text.append(numbers.get(i - 1)).append(sign);
            text.append(by + "=" + numbers.get(i) + "\n");
        }
        return text.toString();
    }

    private static String check(int next, int last, int by, boolean ratio, boolean down) {
        if (ratio) {
            boolean whole = next % by == 0 && next / by == last;
            return whole
                    ? next + "/" + by + "=" + last + ":" + last + "\nok"
                    : next + "=" + by + "*" + next / by + "+" + next % by + ":" + last + "≠";
        }
        int back = down ? next + by : next - by;
        return next + (down ? "+" : "-") + by + "=" + back + ":" + last + (back == last ? "\nok" : "≠");
    }
}
