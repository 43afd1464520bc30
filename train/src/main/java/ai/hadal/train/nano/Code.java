package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Program.Assign;
import ai.hadal.train.nano.Worked.Slip;
import java.util.List;

/// What a variable holds after a few lines of Python or Java.
final class Code implements Task {

    @Override
    public String name() {
        return "code";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        var program = new Program(draw.chance(50));
        var names = draw.some(List.of("x", "y", "a", "b", "n", "k"), 3);
        String asked = switch (draw.integer(0, 3)) {
            case 0 -> straight(draw, program, names);
            case 1 -> loop(draw, program, names);
            case 2 -> shrink(draw, program, names);
            default -> choice(draw, program, names);
        };
        int value = program.value(asked);
        String trace = program.trace();
        String end = Integer.toString(value);
        String before = trace.substring(0, trace.length() - end.length());
        int wrong = draw.chance(50) || value == 0 ? value + 1 : value - 1;
        String last = asked + "=" + end;
        String check = program.states() + "\n" + asked + "=" + value + ":";
        return new Worked(
                        language,
                        program.code() + " " + asked,
                        program.code() + "\n"
                                + language.say(
                                        draw.of("What is " + asked + "?", "What is " + asked + " at the end?"),
                                        draw.of(asked + "是多少？", "最后" + asked + "是多少？")),
                        end,
                        trace + "\n" + last,
                        check + value + "\nok",
                        trace.endsWith("=" + end)
                                        && trace.substring(trace.lastIndexOf('\n') + 1)
                                                .contains(asked + "=")
                                ? new Slip(before + wrong + "\n" + asked + "=" + wrong, check + wrong + "≠")
                                : null)
                .episode(draw, mode);
    }

    /// An operation that stays between 0 and 99.
    private static Assign operation(Draw draw, Program program, String name, String left, String right) {
        int a = program.value(left);
        int b = program.value(right);
        char op = draw.of(List.of('+', '-', '*'));
        boolean fits = switch (op) {
            case '+' -> a + b <= 99;
            case '-' -> a >= b;
            default -> a <= 9 && b <= 9;
        };
        return new Assign(name, left, fits ? op : a + b <= 99 ? '+' : a >= b ? '-' : ' ', right);
    }

    private static String number(Draw draw) {
        return Integer.toString(draw.integer(1, 9));
    }

    private static String straight(Draw draw, Program program, List<String> names) {
        var used = names.subList(0, draw.of(1, 2, 2));
        for (String name : used) {
            program.set(name, draw.integer(1, 12));
        }
        for (int i = draw.integer(1, 3); i > 0; i--) {
            String left = draw.of(used);
            String right = draw.chance(50) ? number(draw) : draw.of(used);
            program.assign(operation(draw, program, draw.of(used), left, right));
        }
        return names.getFirst();
    }

    private static String loop(Draw draw, Program program, List<String> names) {
        String name = names.getFirst();
        int last = draw.integer(2, 4);
        int kind = draw.integer(0, 3);
        program.set(name, kind == 3 ? draw.integer(1, 5) : draw.integer(kind == 2 ? 20 : 0, kind == 2 ? 50 : 12));
        String by = Integer.toString(draw.integer(1, 5));
        program.loop(
                "i",
                1,
                last,
                switch (kind) {
                    case 0 -> new Assign(name, name, '+', "i");
                    case 1 -> new Assign(name, name, '+', by);
                    case 2 -> new Assign(name, name, '-', draw.chance(50) ? "i" : by);
                    default -> new Assign(name, name, '*', "2");
                });
        return name;
    }

    private static String shrink(Draw draw, Program program, List<String> names) {
        String name = names.getFirst();
        int by = draw.integer(2, 9);
        int limit = draw.integer(by, 20);
        program.set(name, limit + draw.integer(1, 4 * by));
        program.whileLarger(name, limit, new Assign(name, name, '-', Integer.toString(by)));
        return name;
    }

    private static String choice(Draw draw, Program program, List<String> names) {
        String name = names.get(0);
        String other = names.get(1);
        program.set(name, draw.integer(1, 20));
        program.set(other, draw.integer(1, 9));
        program.ifLarger(
                name,
                draw.integer(1, 20),
                operation(draw, program, other, name, number(draw)),
                operation(draw, program, other, other, number(draw)));
        return other;
    }
}
