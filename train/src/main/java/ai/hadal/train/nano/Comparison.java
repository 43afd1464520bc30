package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Worked.Slip;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of two numbers is larger or smaller, and several numbers in order.
final class Comparison implements Task {

    @Override
    public String name() {
        return "comparison";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        return (draw.chance(60) ? two(draw, language) : several(draw, language)).episode(draw, mode);
    }

    private static Worked two(Draw draw, Language language) {
        int digits = Addition.length(draw);
        int a = Addition.number(draw, digits);
        int b = draw.chance(40)
                ? near(draw, a, digits)
                : Addition.number(draw, draw.chance(70) ? digits : Addition.length(draw));
        if (a == b) {
            b++;
        }
        boolean larger = draw.chance(50);
        String question = language == Language.ENGLISH
                ? draw.of(
                        "Which is " + (larger ? "larger" : "smaller") + ", " + a + " or " + b + "?",
                        "Which number is " + (larger ? "larger" : "smaller") + ": " + a + " or " + b + "?")
                : draw.of(
                        a + "和" + b + "哪个" + (larger ? "大" : "小") + "？",
                        "哪个数更" + (larger ? "大" : "小") + "：" + a + "还是" + b + "？");
        String order = Columns.compare(a, b);
        return new Worked(
                language,
                Math.min(a, b) + "," + Math.max(a, b),
                question,
                Integer.toString(larger == a > b ? a : b),
                Columns.beside(a, b) + "\n" + order,
                Columns.beside(b, a) + "\n" + Columns.compare(b, a) + "\nok",
                wrongSign(a, b, order));
    }

    /// A number that shares its first digits.
    private static int near(Draw draw, int a, int digits) {
        int unit = 1;
        for (int i = draw.integer(1, digits); i > 0; i--) {
            unit *= 10;
        }
        return a - a % unit + draw.integer(0, unit - 1);
    }

    private static Slip wrongSign(int a, int b, String order) {
        int sign = order.length() - 2;
        String wrong = order.substring(0, sign) + (order.charAt(sign) == '<' ? ">" : "<") + order.substring(sign + 1);
        return new Slip(Columns.beside(a, b) + "\n" + wrong, Columns.beside(b, a) + "\n" + Columns.compare(b, a) + "≠");
    }

    private static Worked several(Draw draw, Language language) {
        int most = draw.of(List.of(20, 100, 100, 1000)) - 1;
        var numbers = new ArrayList<Integer>();
        int count = draw.integer(3, 5);
        while (numbers.size() < count) {
            int number = draw.integer(1, most);
            if (!numbers.contains(number)) {
                numbers.add(number);
            }
        }
        String list = Sorted.join(", ", numbers);
        return new Worked(
                language,
                list,
                language.say(
                        draw.of(
                                "Sort " + list + " from smallest to largest.",
                                "Put these numbers in order: " + list + "."),
                        draw.of("把" + list + "从小到大排列。", "从小到大排序：" + list + "。")),
                Sorted.join(", ", numbers.stream().sorted().toList()),
                Sorted.steps(numbers, -1),
                Sorted.check(Sorted.insert(numbers, -1), count),
                slip(draw, numbers));
    }

    static @Nullable Slip slip(Draw draw, List<Integer> numbers) {
        int wrong = draw.integer(1, numbers.size() - 1);
        String check = Sorted.check(Sorted.insert(numbers, wrong), numbers.size());
        return Columns.failed(check) ? new Slip(Sorted.steps(numbers, wrong), check) : null;
    }
}
