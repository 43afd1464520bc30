package ai.hadal.train.nano;

import ai.hadal.train.nano.Worked.Slip;
import java.util.List;

/// The value of an expression of `and`, `or` and `not` for given values.
final class Truth {

    private Truth() {}

    static Worked worked(Draw draw, Language language) {
        boolean x = draw.chance(50);
        boolean y = draw.chance(50);
        boolean z = draw.chance(50);
        boolean notX = draw.chance(40);
        boolean notY = draw.chance(40);
        boolean and = draw.chance(50);
        boolean second = draw.chance(60);
        boolean thenAnd = draw.chance(50);
        var names = draw.some(List.of("p", "q", "r", "s", "x", "y", "z"), 3);
        String inner = (notX ? "not " : "") + names.get(0) + join(and) + (notY ? "not " : "") + names.get(1);
        String expression = second ? "(" + inner + ")" + join(thenAnd) + names.get(2) : inner;
        String values = names.get(0) + " = " + x + ", " + names.get(1) + " = " + y
                + (second ? ", " + names.get(2) + " = " + z : "");
        boolean left = x ^ notX;
        boolean right = y ^ notY;
        boolean middle = and ? left && right : left || right;
        boolean result = second ? thenAnd ? middle && z : middle || z : middle;
        String head = line(names.get(0), x, notX) + line(names.get(1), y, notY);
        String first = left + join(and) + right + " = " + middle;
        String last = middle + join(thenAnd) + z + " = ";
        String steps = head + first + (second ? "\n" + last + result : "");
        String wrong =
                second ? head + first + "\n" + last + !result : head + left + join(and) + right + " = " + !middle;
        return new Worked(
                language,
                values + " " + expression,
                language.say(values + ". What is " + expression + "?", values + "。" + expression + "是什么？"),
                Boolean.toString(result),
                steps,
                opposite(left, right, and, z, second, thenAnd, !result) + ": " + !result + "\nok",
                new Slip(wrong, opposite(left, right, and, z, second, thenAnd, !result) + ": " + result + "≠"));
    }

    private static String join(boolean and) {
        return and ? " and " : " or ";
    }

    private static String line(String name, boolean value, boolean not) {
        return not ? "not " + name + " = " + !value + "\n" : name + " = " + value + "\n";
    }

    /// The opposite of the expression by De Morgan: every value turned, `and` for `or`.
    private static String opposite(
            boolean left, boolean right, boolean and, boolean z, boolean second, boolean thenAnd, boolean result) {
        boolean middle = and ? !left || !right : !left && !right;
        String first = !left + join(!and) + !right + " = " + middle;
        return second ? first + "\n" + middle + join(!thenAnd) + !z + " = " + result : first;
    }
}
