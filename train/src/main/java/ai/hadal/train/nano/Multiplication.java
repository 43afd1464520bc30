package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Columns.Fault;
import ai.hadal.train.nano.Worked.Slip;

/// Products from one digit by one to two digits by two and three by one.
final class Multiplication implements Task {

    @Override
    public String name() {
        return "multiplication";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        int digits = draw.of(1, 1, 2, 2, 2, 3, 3);
        int a = digits == 1 ? draw.integer(2, 9) : Addition.number(draw, digits);
        int b = digits == 2 && draw.chance(60) ? draw.integer(11, 99) : draw.integer(2, 9);
        boolean exchanged = b < 10 && draw.chance(25);
        String question = exchanged ? question(draw, language, b, a) : question(draw, language, a, b);
        String key = Math.min(a, b) + "*" + Math.max(a, b) + (a < 10 ? " " + question : "");
        var step = b < 10 ? Calculation.times(draw, a, b) : twoByTwo(draw, a, b);
        return step.worked(language, key, question, Integer.toString(a * b)).episode(draw, mode);
    }

    private static String question(Draw draw, Language language, int a, int b) {
        String sign = draw.of(" * ", " × ");
        String what = "What is " + a + sign + b + "?";
        return language == Language.ENGLISH
                ? draw.of(
                        what,
                        what,
                        what,
                        a + sign + b + " = ?",
                        "Multiply " + a + " by " + b + ".",
                        "Calculate " + a + sign + b + ".",
                        "What is " + a + " times " + b + "?")
                : draw.of(
                        a + sign + b + "等于多少？",
                        a + "乘以" + b + "等于多少？",
                        "计算" + a + sign + b + "。",
                        a + "乘" + b + "是多少？");
    }

    /// One product for the ones of `b`, one for its tens, and their sum.
    private static Calculation twoByTwo(Draw draw, int a, int b) {
        var fault = Fault.draw(draw, 2);
        boolean second = draw.chance(50);
        var wrong = twoByTwo(a, b, second ? Fault.NONE : fault, second ? fault : Fault.NONE);
        String check = Products.checkNines(a, b, wrong.value());
        return new Calculation(
                a * b,
                twoByTwo(a, b, Fault.NONE, Fault.NONE).text(),
                Products.checkNines(a, b, a * b),
                Columns.failed(check) ? new Slip(wrong.text(), check) : null);
    }

    private static Columns.Pass twoByTwo(int a, int b, Fault inOnes, Fault inTens) {
        var tens = Products.times(a, b / 10, 1, inTens);
        if (b % 10 == 0) {
            return new Columns.Pass(a + "*" + b + "\n" + tens.text(), tens.value());
        }
        var ones = Products.times(a, b % 10, 0, inOnes);
        var sum = Columns.add(ones.value(), tens.value(), Fault.NONE);
        String text = String.join(
                "\n",
                a + "*" + b % 10,
                ones.text(),
                a + "*" + b / 10 + "0",
                tens.text(),
                ones.value() + "+" + tens.value(),
                sum.text());
        return new Columns.Pass(text, sum.value());
    }
}
