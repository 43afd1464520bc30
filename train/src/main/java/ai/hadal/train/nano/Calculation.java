package ai.hadal.train.nano;

import ai.hadal.train.nano.Columns.Fault;
import ai.hadal.train.nano.Worked.Slip;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// One calculation inside a larger question. Single digits are calculated at once, everything else place by place.
record Calculation(
        int value, String text, String check, @Nullable Slip slip) {

    static Calculation add(Draw draw, int a, int b) {
        if (a < 10 && b < 10) {
            return direct(draw, a + "+" + b, a + b, sum -> sum + "-" + b + "=" + (sum - b) + ":" + a);
        }
        String head = a + "+" + b + "\n";
        var wrong = Columns.add(a, b, Fault.draw(draw, Columns.places(a, b)));
        return new Calculation(
                a + b,
                head + Columns.add(a, b, Fault.NONE).text(),
                Columns.checkSum(a + b, b, a),
                slip(head + wrong.text(), Columns.checkSum(wrong.value(), b, a)));
    }

    /// A difference that is not negative.
    static Calculation subtract(Draw draw, int a, int b) {
        if (a < 10 && b < 10) {
            return direct(draw, a + "-" + b, a - b, rest -> rest + "+" + b + "=" + (rest + b) + ":" + a);
        }
        String head = a + "-" + b + "\n";
        var wrong = Columns.subtract(a, b, Fault.draw(draw, Columns.places(a, b)));
        return new Calculation(
                a - b,
                head + Columns.subtract(a, b, Fault.NONE).text(),
                Columns.checkDifference(a - b, b, a),
                slip(head + wrong.text(), Columns.checkDifference(wrong.value(), b, a)));
    }

    /// A product with one digit above zero.
    static Calculation times(Draw draw, int a, int digit) {
        if (a < 10) {
            return direct(
                    draw,
                    a + "*" + digit,
                    a * digit,
                    product -> product % digit == 0
                            ? product + "/" + digit + "=" + product / digit + ":" + a
                            : product + "=" + digit + "*" + product / digit + "+" + product % digit + ":" + a);
        }
        String head = a + "*" + digit + "\n";
        var wrong = Products.times(a, digit, 0, Fault.draw(draw, Columns.places(a)));
        return new Calculation(
                a * digit,
                head + Products.times(a, digit, 0, Fault.NONE).text(),
                Products.checkTimes(a * digit, digit, a),
                slip(head + wrong.text(), Products.checkTimes(wrong.value(), digit, a)));
    }

    /// The whole part of a quotient by a digit from 2 to 9.
    static Calculation divide(Draw draw, int a, int digit) {
        String head = a + "/" + digit + "\n";
        var wrong = Products.divide(a, digit, Fault.inSum(draw, draw.integer(0, Columns.places(a) - 1)));
        return new Calculation(
                a / digit,
                head + Products.divide(a, digit, Fault.NONE).text(),
                Products.checkDivide(a / digit, digit, a % digit, a),
                slip(
                        head + wrong.text(),
                        Products.checkDivide(wrong.value() / digit, digit, wrong.value() % digit, a)));
    }

    private static @Nullable Slip slip(String steps, String check) {
        return Columns.failed(check) ? new Slip(steps, check) : null;
    }

    /// A calculation in one line, with a check that ends with `:` and what it should give.
    static Calculation direct(Draw draw, String left, int value, IntFunction<String> check) {
        int wrong = value == 0 || draw.chance(50) ? value + 1 : value - 1;
        return new Calculation(
                value,
                left + "=" + value,
                check.apply(value) + "\nok",
                new Slip(left + "=" + wrong, check.apply(wrong) + "≠"));
    }

    /// Steps one after the other; only the last may slip.
    static Calculation all(List<Calculation> steps) {
        var last = steps.getLast();
        var before = steps.subList(0, steps.size() - 1);
        var slip = last.slip;
        return new Calculation(
                last.value,
                texts(before) + last.text,
                checks(before) + last.check,
                slip == null ? null : new Slip(texts(before) + slip.steps(), checks(before) + slip.check()));
    }

    /// The step with a line before it.
    Calculation under(String line) {
        return new Calculation(
                value,
                line + "\n" + text,
                check,
                slip == null ? null : new Slip(line + "\n" + slip.steps(), slip.check()));
    }

    private static String texts(List<Calculation> steps) {
        var text = new StringBuilder();
        steps.forEach(step -> text.append(step.text).append('\n'));
        return text.toString();
    }

    private static String checks(List<Calculation> steps) {
        var text = new StringBuilder();
        steps.forEach(step -> text.append(step.check).append('\n'));
        return text.toString();
    }

    Worked worked(Language language, String key, String question, String answer) {
        return new Worked(language, key, question, answer, text, check, slip);
    }
}
