package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Worked.Slip;
import java.util.List;

/// Lengths, weights, times and money in larger and smaller units.
final class Units implements Task {

    /// One large unit is `factor` small ones.
    private record Pair(String large, String small, int factor, int most) {

        /// The same in both languages.
        String key() {
            return Math.max(ENGLISH.indexOf(this), CHINESE.indexOf(this)) + "*" + factor;
        }

        String rule() {
            String one = large.endsWith("s") ? large.substring(0, large.length() - 1) : large;
            return "1 " + one + "=" + factor + " " + small;
        }
    }

    private static final List<Pair> ENGLISH = List.of(
            new Pair("km", "m", 1000, 60),
            new Pair("m", "cm", 100, 90),
            new Pair("cm", "mm", 10, 90),
            new Pair("kg", "g", 1000, 60),
            new Pair("h", "min", 60, 24),
            new Pair("min", "s", 60, 24),
            new Pair("weeks", "days", 7, 20),
            new Pair("euros", "cents", 100, 90));

    private static final List<Pair> CHINESE = List.of(
            new Pair("千米", "米", 1000, 60),
            new Pair("米", "厘米", 100, 90),
            new Pair("厘米", "毫米", 10, 90),
            new Pair("千克", "克", 1000, 60),
            new Pair("小时", "分钟", 60, 24),
            new Pair("分钟", "秒", 60, 24),
            new Pair("周", "天", 7, 20),
            new Pair("元", "角", 10, 90));

    @Override
    public String name() {
        return "units";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        var pair = draw.of(language == Language.ENGLISH ? ENGLISH : CHINESE);
        int large = draw.integer(2, pair.most);
        var worked = switch (draw.integer(0, 2)) {
            case 0 -> smaller(draw, language, pair, large);
            case 1 -> larger(draw, language, pair, large);
            default -> both(draw, language, pair, large, draw.integer(1, pair.factor - 1));
        };
        return worked.episode(draw, mode);
    }

    private static String amount(Language language, int number, String unit) {
        return number + language.say(" ", "") + unit;
    }

    private static Worked smaller(Draw draw, Language language, Pair pair, int large) {
        String from = amount(language, large, pair.large);
        int small = large * pair.factor;
        return multiply(draw, pair, large)
                .worked(
                        language,
                        pair.key() + " down " + large,
                        language.say(
                                draw.of(
                                        "How many " + pair.small + " are " + from + "?",
                                        "Convert " + from + " to " + pair.small + "."),
                                draw.of(from + "等于多少" + pair.small + "？", "把" + from + "换算成" + pair.small + "。")),
                        amount(language, small, pair.small));
    }

    private static Worked larger(Draw draw, Language language, Pair pair, int large) {
        int small = large * pair.factor;
        String from = amount(language, small, pair.small);
        return divide(draw, pair, large)
                .worked(
                        language,
                        pair.key() + " up " + small,
                        language.say(
                                draw.of(
                                        "How many " + pair.large + " are " + from + "?",
                                        "Convert " + from + " to " + pair.large + "."),
                                draw.of(from + "等于多少" + pair.large + "？", "把" + from + "换算成" + pair.large + "。")),
                        amount(language, large, pair.large));
    }

    private static Worked both(Draw draw, Language language, Pair pair, int large, int small) {
        String from = amount(language, large, pair.large) + language.say(" ", "") + amount(language, small, pair.small);
        var steps = Calculation.all(
                List.of(multiply(draw, pair, large), Calculation.add(draw, large * pair.factor, small)));
        return steps.worked(
                language,
                pair.key() + " " + large + " " + small,
                language.say(
                        draw.of(
                                "How many " + pair.small + " are " + from + "?",
                                "Convert " + from + " to " + pair.small + "."),
                        draw.of(from + "等于多少" + pair.small + "？", "把" + from + "换算成" + pair.small + "。")),
                amount(language, steps.value(), pair.small));
    }

    /// Powers of ten put zeros behind, 60 is 6 and a zero.
    private static Calculation multiply(Draw draw, Pair pair, int large) {
        var step = switch (pair.factor) {
            case 7 -> Calculation.times(draw, large, 7);
            case 60 -> Calculation.all(List.of(Calculation.times(draw, large, 6), shift(large * 6, "0")));
            default -> shift(large, Integer.toString(pair.factor).substring(1));
        };
        return step.under(pair.rule());
    }

    private static Calculation shift(int number, String zeros) {
        int value = Integer.parseInt(number + zeros);
        return new Calculation(
                value,
                number + "*1" + zeros + "=" + value,
                value + "/1" + zeros + "=" + number + ":" + number + "\nok",
                new Slip(
                        number + "*1" + zeros + "=" + value + "0",
                        value + "0/1" + zeros + "=" + number + "0:" + number + "≠"));
    }

    private static Calculation divide(Draw draw, Pair pair, int large) {
        var step = switch (pair.factor) {
            case 7 -> Calculation.divide(draw, large * 7, 7);
            case 60 -> Calculation.all(List.of(unshift(large * 6, "0"), Calculation.divide(draw, large * 6, 6)));
            default -> unshift(large, Integer.toString(pair.factor).substring(1));
        };
        return step.under(pair.rule());
    }

    private static Calculation unshift(int number, String zeros) {
        String whole = number + zeros;
        return new Calculation(
                number,
                whole + "/1" + zeros + "=" + number,
                number + "*1" + zeros + "=" + whole + ":" + whole + "\nok",
                new Slip(
                        whole + "/1" + zeros + "=" + number + "0",
                        number + "0*1" + zeros + "=" + whole + "0:" + whole + "≠"));
    }
}
