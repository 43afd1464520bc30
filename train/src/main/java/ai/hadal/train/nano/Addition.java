package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Columns.Fault;
import ai.hadal.train.nano.Worked.Slip;
import org.jspecify.annotations.Nullable;

/// Sums of two numbers of up to five digits.
final class Addition implements Task {

    @Override
    public String name() {
        return "addition";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        int a = number(draw, length(draw));
        int b = number(draw, draw.chance(60) ? Columns.places(a) : length(draw));
        var pass = Columns.add(a, b, Fault.NONE);
        return new Worked(
                        language,
                        Math.min(a, b) + "+" + Math.max(a, b),
                        question(draw, language, a, b),
                        Integer.toString(a + b),
                        pass.text(),
                        Columns.checkSum(a + b, b, a),
                        slip(draw, a, b))
                .episode(draw, mode);
    }

    /// How many digits: four most often.
    static int length(Draw draw) {
        return draw.of(1, 2, 2, 3, 3, 4, 4, 4, 4, 5);
    }

    static int number(Draw draw, int digits) {
        int low = 1;
        for (int i = 1; i < digits; i++) {
            low *= 10;
        }
        return draw.integer(low == 1 ? 0 : low, 10 * low - 1);
    }

    private static String question(Draw draw, Language language, int a, int b) {
        String what = "What is " + a + " + " + b + "?";
        String sum = a + " + " + b + " = ?";
        return language == Language.ENGLISH
                ? draw.of(
                        what,
                        what,
                        what,
                        what,
                        sum,
                        sum,
                        "Add " + a + " to " + b + ".",
                        "Calculate " + a + " + " + b + ".",
                        "What is " + a + " plus " + b + "?")
                : draw.of(
                        a + " + " + b + "等于多少？",
                        a + "加" + b + "等于多少？",
                        "计算" + a + " + " + b + "。",
                        a + "加" + b + "是多少？");
    }

    private static @Nullable Slip slip(Draw draw, int a, int b) {
        var wrong = Columns.add(a, b, Fault.draw(draw, Columns.places(a, b)));
        String check = Columns.checkSum(wrong.value(), b, a);
        return Columns.failed(check) ? new Slip(wrong.text(), check) : null;
    }
}
