package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Columns.Fault;
import ai.hadal.train.nano.Worked.Slip;
import org.jspecify.annotations.Nullable;

/// Differences of two numbers of up to five digits, some of them negative.
///
/// The steps compare the numbers first; if the second is larger, they are exchanged and the answer gets a minus sign.
final class Subtraction implements Task {

    @Override
    public String name() {
        return "subtraction";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        int a = Addition.number(draw, Addition.length(draw));
        int b = Addition.number(draw, draw.chance(60) ? Columns.places(a) : Addition.length(draw));
        if (a < b && draw.chance(70)) {
            int swap = a;
            a = b;
            b = swap;
        }
        return new Worked(
                        language,
                        a + "-" + b,
                        question(draw, language, a, b),
                        Integer.toString(a - b),
                        Columns.subtract(a, b, Fault.NONE).text(),
                        check(Math.abs(a - b), a, b),
                        slip(draw, a, b))
                .episode(draw, mode);
    }

    private static String question(Draw draw, Language language, int a, int b) {
        String what = "What is " + a + " - " + b + "?";
        String difference = a + " - " + b + " = ?";
        return language == Language.ENGLISH
                ? draw.of(
                        what,
                        what,
                        what,
                        what,
                        difference,
                        difference,
                        "Subtract " + b + " from " + a + ".",
                        "Calculate " + a + " - " + b + ".",
                        "What is " + a + " minus " + b + "?")
                : draw.of(
                        a + " - " + b + "等于多少？",
                        a + "减" + b + "等于多少？",
                        "计算" + a + " - " + b + "。",
                        a + "减" + b + "是多少？");
    }

    private static String check(int difference, int a, int b) {
        return Columns.checkDifference(difference, Math.min(a, b), Math.max(a, b));
    }

    private static @Nullable Slip slip(Draw draw, int a, int b) {
        var wrong = Columns.subtract(a, b, Fault.draw(draw, Columns.places(a, b)));
        String check = check(wrong.value(), a, b);
        return Columns.failed(check) ? new Slip(wrong.text(), check) : null;
    }
}
