package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// Halves, quarters, doubles and easy percentages, all of which come out whole.
final class Percent implements Task {

    @Override
    public String name() {
        return "percent";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        return (draw.chance(50) ? part(draw, language) : percent(draw, language)).episode(draw, mode);
    }

    private static Worked part(Draw draw, Language language) {
        int kind = draw.integer(0, 3);
        int a = draw.integer(10, draw.chance(60) ? 99 : 499);
        a = kind == 0 ? a - a % 2 : kind == 1 ? a - a % 4 : a;
        String question = List.of(
                        language.say("What is half of " + a + "?", a + "的一半是多少？"),
                        language.say("What is a quarter of " + a + "?", a + "的四分之一是多少？"),
                        language.say("What is double " + a + "?", a + "的两倍是多少？"),
                        language.say("What is three times " + a + "?", a + "的三倍是多少？"))
                .get(kind);
        var step = kind < 2 ? Calculation.divide(draw, a, kind == 0 ? 2 : 4) : Calculation.times(draw, a, kind);
        return step.worked(
                language,
                List.of("half ", "quarter ", "double ", "triple ").get(kind) + a,
                question,
                "" + step.value());
    }

    private static Worked percent(Draw draw, Language language) {
        int percent = draw.of(List.of(10, 20, 30, 40, 60, 70, 80, 90, 50, 25, 1, 2, 3, 5));
        int a = percent >= 10 && percent % 10 == 0 && percent != 50
                ? 10 * draw.integer(1, 90)
                : percent == 50
                        ? 2 * draw.integer(5, 250)
                        : percent == 25 ? 4 * draw.integer(3, 125) : 100 * draw.integer(1, 60);
        String question = language.say(
                draw.of("What is " + percent + "% of " + a + "?", "How much is " + percent + "% of " + a + "?"),
                draw.of(a + "的" + percent + "%是多少？", "求" + a + "的" + percent + "%。"));
        var step = switch (percent) {
            case 50 -> Calculation.divide(draw, a, 2);
            case 25 -> Calculation.divide(draw, a, 4);
            default -> share(draw, a, percent);
        };
        return step.worked(language, percent + "% " + a, question, Integer.toString(step.value()));
    }

    /// Ten or one percent first, by taking zeros away, then so many times that.
    private static Calculation share(Draw draw, int a, int percent) {
        int unit = percent % 10 == 0 ? 10 : 1;
        int one = a * unit / 100;
        var first = new Calculation(one, unit + "%=" + one, one + "*" + 100 / unit + "=" + a + ":" + a + "\nok", null);
        return percent == unit ? first : Calculation.all(List.of(first, Calculation.times(draw, one, percent / unit)));
    }
}
