package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;

/// Quotients by one digit, about half of them with a remainder.
final class Division implements Task {

    @Override
    public String name() {
        return "division";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        int digit = draw.integer(2, 9);
        int a = Addition.number(draw, draw.integer(2, 4));
        if (draw.chance(45)) {
            a = Math.max(1, a / digit) * digit;
        }
        String answer = Integer.toString(a / digit);
        if (a % digit != 0) {
            answer += language.say(" remainder ", "余") + a % digit;
        }
        return Calculation.divide(draw, a, digit)
                .worked(language, a + "/" + digit, question(draw, language, a, digit), answer)
                .episode(draw, mode);
    }

    private static String question(Draw draw, Language language, int a, int b) {
        String what = "What is " + a + " / " + b + "?";
        return language == Language.ENGLISH
                ? draw.of(
                        what,
                        what,
                        what,
                        a + " / " + b + " = ?",
                        "Divide " + a + " by " + b + ".",
                        "Calculate " + a + " / " + b + ".",
                        "What is " + a + " divided by " + b + "?")
                : draw.of(
                        a + " / " + b + "等于多少？",
                        a + "除以" + b + "等于多少？",
                        "计算" + a + " / " + b + "。",
                        a + "除以" + b + "是多少？");
    }
}
