package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Worked.Slip;
import java.util.List;

/// Days of the week, days between two dates, and times of day.
final class Dates implements Task {

    static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    static final List<String> CHINESE_DAYS = List.of("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日");
    static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    private static final List<Integer> LENGTHS = List.of(31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

    @Override
    public String name() {
        return "dates";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        var worked = switch (draw.integer(0, 3)) {
            case 0 -> weekday(draw, language);
            case 1 -> sameMonth(draw, language);
            case 2 -> nextMonth(draw, language);
            default -> clock(draw, language);
        };
        return worked.episode(draw, mode);
    }

    private static Worked weekday(Draw draw, Language language) {
        var days = language == Language.ENGLISH ? DAYS : CHINESE_DAYS;
        int from = draw.integer(0, 6);
        int after = draw.integer(1, draw.chance(50) ? 9 : 60);
        boolean back = draw.chance(25);
        int sign = back ? -1 : 1;
        int rest = after % 7;
        int to = Math.floorMod(from + sign * rest, 7);
        int wrong = Math.floorMod(to + sign, 7);
        String head = after < 7 ? "" : after + "=" + (after - rest) + "+" + rest + "\n";
        String steps = head + walk(days, from, rest, sign);
        return new Worked(
                language,
                DAYS.get(from) + (back ? "-" : "+") + after,
                question(draw, language, days.get(from), after, back),
                days.get(to),
                steps,
                walk(days, to, rest, -sign) + ": " + days.get(from) + "\nok",
                new Slip(
                        steps.substring(0, steps.lastIndexOf(days.get(to))) + days.get(wrong),
                        walk(days, wrong, rest, -sign) + ": " + days.get(from) + "≠"));
    }

    private static String question(Draw draw, Language language, String day, int after, boolean back) {
        String many = language.say(after == 1 ? "1 day" : after + " days", after + "天");
        return back
                ? language.say(
                        draw.of(
                                "Today is " + day + ". What day was it " + many + " ago?",
                                "What day is " + many + " before " + day + "?"),
                        "今天是" + day + "，" + many + "前是星期几？")
                : language.say(
                        draw.of(
                                "Today is " + day + ". What day is it in " + many + "?",
                                "What day is " + many + " after " + day + "?"),
                        "今天是" + day + "，" + many + "后是星期几？");
    }

    /// The days passed, numbered: `Monday 1 Tuesday 2 Wednesday`.
    private static String walk(List<String> days, int from, int count, int sign) {
        var text = new StringBuilder(days.get(from));
        for (int i = 1; i <= count; i++) {
            text.append(" " + i + " " + days.get(Math.floorMod(from + sign * i, 7)));
        }
        return text.toString();
    }

    private static String date(Language language, int month, int day) {
        return language.say(day + " " + MONTHS.get(month), month + 1 + "月" + day + "日");
    }

    private static String between(Draw draw, Language language, String from, String to) {
        return language.say(
                draw.of(
                        "How many days are there from " + from + " to " + to + "?",
                        "How many days is it from " + from + " to " + to + "?"),
                "从" + from + "到" + to + "有几天？");
    }

    private static Worked sameMonth(Draw draw, Language language) {
        int month = draw.integer(0, 11);
        int from = draw.integer(1, LENGTHS.get(month) - 1);
        int to = draw.integer(from + 1, LENGTHS.get(month));
        return Calculation.subtract(draw, to, from)
                .worked(
                        language,
                        month + 1 + "-" + from + " " + to,
                        between(draw, language, date(language, month, from), date(language, month, to)),
                        amount(language, to - from));
    }

    private static Worked nextMonth(Draw draw, Language language) {
        int month = draw.of(List.of(0, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        int from = draw.integer(1, LENGTHS.get(month));
        int to = draw.integer(1, LENGTHS.get(month + 1));
        int length = LENGTHS.get(month);
        String rule = language.say(MONTHS.get(month) + ": ", month + 1 + "月：") + length;
        var step = Calculation.all(
                        List.of(Calculation.subtract(draw, length, from), Calculation.add(draw, length - from, to)))
                .under(rule);
        return step.worked(
                language,
                month + 1 + "-" + from + " " + (month + 2) + "-" + to,
                between(draw, language, date(language, month, from), date(language, month + 1, to)),
                amount(language, step.value()));
    }

    private static String amount(Language language, int days) {
        return language.say(days == 1 ? "1 day" : days + " days", days + "天");
    }

    private static String time(int minutes) {
        return two(minutes / 60 % 24) + ":" + two(minutes % 60);
    }

    private static String two(int number) {
        return "" + number / 10 + number % 10;
    }

    private static Worked clock(Draw draw, Language language) {
        int start = draw.integer(0, 23) * 60 + draw.integer(0, 11) * 5;
        int minutes = draw.integer(1, 11) * 5;
        int sum = start % 60 + minutes;
        int end = (start + minutes) % (24 * 60);
        int wrong = Math.floorMod(sum < 60 ? end + 60 : end - 60, 24 * 60);
        return new Worked(
                language,
                time(start) + "+" + minutes,
                language.say(
                        draw.of(
                                "It is " + time(start) + ". What time is it in " + minutes + " minutes?",
                                "What time is " + minutes + " minutes after " + time(start) + "?"),
                        draw.of(
                                "现在是" + time(start) + "，" + minutes + "分钟后是几点？",
                                time(start) + "过" + minutes + "分钟是几点？")),
                time(end),
                later(start, minutes) + time(end),
                earlier(end, minutes) + time(start) + " " + time(start) + "\nok",
                new Slip(
                        later(start, minutes) + time(wrong),
                        earlier(wrong, minutes) + time(Math.floorMod(wrong - minutes, 24 * 60)) + " " + time(start)
                                + "≠"));
    }

    /// Minutes first, less sixty if they reach it, which makes an hour more.
    private static String later(int start, int minutes) {
        String sum = two(start % 60) + "+" + two(minutes) + "=" + (start % 60 + minutes);
        int over = start % 60 + minutes - 60;
        return over < 0
                ? sum + "<60\n"
                : sum + "\n" + (over + 60) + "-60=" + two(over) + "\n" + two(start / 60) + ">"
                        + two((start / 60 + 1) % 24) + "\n";
    }

    private static String earlier(int end, int minutes) {
        int now = end % 60;
        String hour = two(end / 60);
        return now >= minutes
                ? two(now) + "-" + two(minutes) + "=" + two(now - minutes) + "\n"
                : two(now) + "<" + two(minutes) + "\n" + hour + ">" + two(Math.floorMod(end / 60 - 1, 24)) + "\n"
                        + (now + 60) + "-" + minutes + "=" + two(now + 60 - minutes) + "\n";
    }
}
