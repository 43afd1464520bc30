package ai.hadal.train.nano;

import static java.util.stream.Collectors.joining;

import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Answers to questions of numbers, read from the question's words alone and found by Java's own arithmetic.
final class NumberAnswers {

    private static final Map<String, Integer> UNITS = Map.ofEntries(
            Map.entry("km>m", 1000),
            Map.entry("m>cm", 100),
            Map.entry("cm>mm", 10),
            Map.entry("kg>g", 1000),
            Map.entry("h>min", 60),
            Map.entry("min>s", 60),
            Map.entry("weeks>days", 7),
            Map.entry("euros>cents", 100),
            Map.entry("千米>米", 1000),
            Map.entry("米>厘米", 100),
            Map.entry("厘米>毫米", 10),
            Map.entry("千克>克", 1000),
            Map.entry("小时>分钟", 60),
            Map.entry("分钟>秒", 60),
            Map.entry("元>角", 10),
            Map.entry("周>天", 7));

    private NumberAnswers() {}

    static List<Integer> numbers(String text) {
        return Pattern.compile("\\d+")
                .matcher(text)
                .results()
                .map(r -> Integer.parseInt(r.group()))
                .toList();
    }

    static String subtraction(String question) {
        var n = numbers(question);
        int difference = n.get(0) - n.get(1);
        return Integer.toString(question.contains("from") ? -difference : difference);
    }

    static String division(String question, boolean english) {
        var parts = BigInteger.valueOf(numbers(question).get(0))
                .divideAndRemainder(BigInteger.valueOf(numbers(question).get(1)));
        return parts[0] + (parts[1].signum() == 0 ? "" : (english ? " remainder " : "余") + parts[1]);
    }

    static String comparison(String question) {
        var n = numbers(question);
        if (n.size() > 2) {
            return n.stream().sorted().map(Object::toString).collect(joining(", "));
        }
        boolean larger = question.contains("larger") || question.contains("大");
        return Integer.toString(larger ? Math.max(n.get(0), n.get(1)) : Math.min(n.get(0), n.get(1)));
    }

    static String sequence(String question) {
        var n = numbers(question);
        int last = n.getLast();
        int before = n.get(n.size() - 2);
        boolean equal = n.get(1) - n.get(0) == n.get(2) - n.get(1);
        return Integer.toString(equal ? 2 * last - before : last * last / before);
    }

    static String percent(String question) {
        var n = numbers(question);
        if (question.contains("%")) {
            return Integer.toString(n.get(0) * n.get(1) / 100);
        }
        int a = n.getFirst();
        return Integer.toString(
                question.contains("half") || question.contains("一半")
                        ? a / 2
                        : question.contains("quarter") || question.contains("四分之一")
                                ? a / 4
                                : question.contains("double") || question.contains("两倍") ? a * 2 : a * 3);
    }

    static String story(String question) {
        var n = numbers(question);
        int a = n.get(0);
        int b = n.get(1);
        boolean give = question.contains("gives") || question.contains("给了");
        if (question.contains("pays") || question.contains("付了")) {
            return Integer.toString(n.get(2) - a * b);
        }
        if (question.contains("shares") || question.contains("平分")) {
            return Integer.toString(a / b);
        }
        if (question.contains("each") || question.contains("每个")) {
            return Integer.toString(a * b + (n.size() > 2 ? n.get(2) : 0));
        }
        int third = n.size() > 2 ? n.get(2) : 0;
        return Integer.toString(n.size() > 2 ? a + b + (give ? -third : third) : give ? a - b : a + b);
    }

    static String units(String question) {
        String clean = question.replaceAll("换算成|等于多少|把|How many|Convert|are|to|[?？。.]", " ");
        var amounts = Pattern.compile("(\\d+)\\s*([^\\d\\s]+)")
                .matcher(clean)
                .results()
                .toList();
        var words = clean.replaceAll("\\d+\\s*[^\\d\\s]+", " ").trim();
        int number = Integer.parseInt(amounts.getFirst().group(1));
        String unit = amounts.getFirst().group(2);
        String space = unit.codePointAt(0) < 128 ? " " : "";
        var down = UNITS.get(unit + ">" + words);
        if (amounts.size() > 1) {
            return number * down + Integer.parseInt(amounts.get(1).group(1)) + space + words;
        }
        return (down != null ? number * down : number / UNITS.get(words + ">" + unit)) + space + words;
    }

    static String date(String question, boolean english) {
        var n = numbers(question);
        if (question.contains(":")) {
            var times =
                    Pattern.compile("\\d\\d:\\d\\d").matcher(question).results().toList();
            int minutes = Integer.parseInt(
                    question.replaceAll("(?s)\\d\\d:\\d\\d", "").replaceAll("\\D", ""));
            return LocalTime.parse(times.getFirst().group())
                    .plusMinutes(minutes)
                    .toString();
        }
        if (question.contains("What day") || question.contains("星期")) {
            int from = day(question);
            boolean back = question.contains("ago") || question.contains("before") || question.contains("前");
            var to = DayOfWeek.of(from + 1)
                            .plus(back ? -n.getFirst() : n.getFirst())
                            .getValue()
                    - 1;
            return (english ? Dates.DAYS : Dates.CHINESE_DAYS).get(to);
        }
        long days = english
                ? ChronoUnit.DAYS.between(englishDate(question, 0), englishDate(question, 1))
                : ChronoUnit.DAYS.between(
                        LocalDate.of(2023, n.get(0), n.get(1)), LocalDate.of(2023, n.get(2), n.get(3)));
        return days + (english ? days == 1 ? " day" : " days" : "天");
    }

    private static int day(String question) {
        for (int i = 0; i < 7; i++) {
            if (question.contains(Dates.DAYS.get(i)) || question.contains("今天是" + Dates.CHINESE_DAYS.get(i))) {
                return i;
            }
        }
        throw new AssertionError(question);
    }

    private static LocalDate englishDate(String question, int which) {
        var date = Pattern.compile("(\\d+) ([A-Z][a-z]+)")
                .matcher(question)
                .results()
                .toList()
                .get(which);
        return LocalDate.of(2023, Dates.MONTHS.indexOf(date.group(2)) + 1, Integer.parseInt(date.group(1)));
    }
}
