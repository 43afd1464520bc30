package ai.hadal.train.nano;

import java.util.List;
import java.util.Locale;

/// Draws questions for each tool.
final class ToolQuestions {

    static final List<Term> WEATHER = Term.list("sunny 晴天, rainy 下雨, cloudy 多云, windy 有风, snowy 下雪, foggy 有雾");

    private static final List<String> FILES =
            Words.words("notes list plan budget order report letter config trip team menu tasks");
    private static final List<Term> FIELDS =
            Term.list("port 端口, user 用户, host 主机, limit 上限, colour 颜色, size 大小, owner 主人, total 总数");

    private ToolQuestions() {}

    static ToolQuestion calculator(Draw draw, boolean zh) {
        return draw.chance(30) ? wordProblem(draw, zh) : expression(draw, zh);
    }

    private static ToolQuestion expression(Draw draw, boolean zh) {
        int a = draw.integer(2, 999);
        int b = draw.integer(2, draw.chance(50) ? 99 : 999);
        return switch (draw.integer(0, 3)) {
            case 0 -> sum(draw, a + " + " + b, b + " + " + b, a + b, zh);
            case 1 -> sum(draw, a + b + " - " + b, a + " - " + b, a, zh);
            case 2 -> sum(draw, a + " * " + b, a + " + " + b, a * b, zh);
            default -> {
                int divisor = draw.integer(2, 12);
                yield sum(draw, a * divisor + " / " + divisor, a + " / " + divisor, a, zh);
            }
        };
    }

    private static ToolQuestion sum(Draw draw, String expression, String near, int result, boolean zh) {
        String ask = zh
                ? draw.of(expression + "是多少", expression + "等于多少", "计算一下" + expression + "是多少")
                : draw.of("what is " + expression, "how much is " + expression, "can you compute " + expression);
        return calculation(expression, near, result, ask, zh);
    }

    private static ToolQuestion wordProblem(Draw draw, boolean zh) {
        int a = draw.integer(3, 99);
        int b = draw.integer(2, 99);
        Term food = draw.of(Words.FOODS);
        String name = draw.of(Words.names(zh));
        return switch (draw.integer(0, 2)) {
            case 0 ->
                calculation(
                        a + " * " + b,
                        a + " + " + b,
                        a * b,
                        zh
                                ? name + "买" + a + "份" + food.zh() + "，每份" + b + "元，一共多少元"
                                : "what do " + a + " bags of " + food.en() + " cost if one costs " + b + " coins",
                        zh);
            case 1 ->
                calculation(
                        a + b + " - " + b,
                        b + " - " + a,
                        a,
                        zh
                                ? name + "有" + (a + b) + "元，花了" + b + "元，还剩多少元"
                                : "what is left if " + name + " has " + (a + b) + " coins and spends " + b,
                        zh);
            default ->
                calculation(
                        a + " + " + b,
                        a + " * " + b,
                        a + b,
                        zh
                                ? name + "有" + a + "元，又得到" + b + "元，一共多少元"
                                : "what is the total if " + name + " has " + a + " coins and gets " + b,
                        zh);
        };
    }

    private static ToolQuestion calculation(String expression, String near, int result, String ask, boolean zh) {
        var step = Step.asked(ToolBox.CALCULATE, expression, near, Integer.toString(result), zh);
        return new ToolQuestion(step, ask, expression + " = " + result, zh);
    }

    static ToolQuestion time(Draw draw, boolean zh) {
        var cities = draw.some(Words.CITIES, 2);
        String city = cities.get(0).in(zh);
        String time = timeOfDay(draw);
        var step = Step.asked(ToolBox.GET_TIME, city, cities.get(1).in(zh), time, zh);
        return zh
                ? new ToolQuestion(step, draw.of(city + "现在几点", city + "现在是什么时间"), city + "现在是" + time, true)
                : new ToolQuestion(
                        step,
                        draw.of("what time is it in " + city, "what is the time in " + city),
                        "it is " + time + " in " + city,
                        false);
    }

    static String timeOfDay(Draw draw) {
        return String.format(Locale.ROOT, "%02d:%02d", draw.integer(0, 23), draw.integer(0, 59));
    }

    static ToolQuestion weather(Draw draw, boolean zh) {
        var cities = draw.some(Words.CITIES, 2);
        String city = cities.get(0).in(zh);
        String weather = draw.of(WEATHER).in(zh) + ", " + draw.integer(-9, 35);
        var step = Step.asked(ToolBox.GET_WEATHER, city, cities.get(1).in(zh), weather, zh);
        return zh
                ? new ToolQuestion(step, draw.of(city + "天气怎么样", city + "的天气好吗"), city + "的天气是" + weather, true)
                : new ToolQuestion(
                        step,
                        draw.of("what is the weather in " + city, "how is the weather in " + city),
                        "the weather in " + city + " is " + weather,
                        false);
    }

    /// Either the whole of a short file or one field of it.
    static ToolQuestion file(Draw draw, boolean zh) {
        var paths = List.of(path(draw), path(draw));
        String path = paths.get(0);
        if (draw.chance(50)) {
            String content = draw.integer(2, 99) + " " + draw.of(Words.ADJECTIVES) + " " + draw.of(Words.NOUNS);
            var step = Step.asked(ToolBox.READ_FILE, path, paths.get(1), content, zh);
            return zh
                    ? new ToolQuestion(
                            step, draw.of(path + "里有什么", "文件" + path + "的内容是什么"), path + "的内容是：" + content, true)
                    : new ToolQuestion(
                            step,
                            draw.of("what is in " + path, "what does the file " + path + " say"),
                            "the file " + path + " says: " + content,
                            false);
        }
        return field(draw, paths, zh);
    }

    private static ToolQuestion field(Draw draw, List<String> paths, boolean zh) {
        String path = paths.get(0);
        var fields = draw.some(FIELDS, draw.integer(1, 3));
        var content = new StringBuilder();
        Term asked = draw.of(fields);
        String value = "";
        for (Term field : fields) {
            String text = draw.chance(50)
                    ? Integer.toString(draw.integer(10, 9_999))
                    : draw.of(Words.SECRETS).in(zh);
            value = field == asked ? text : value;
            content.append(content.isEmpty() ? "" : "\n")
                    .append(field.in(zh))
                    .append(": ")
                    .append(text);
        }
        var step = Step.asked(ToolBox.READ_FILE, path, paths.get(1), content.toString(), zh);
        return zh
                ? new ToolQuestion(step, path + "里的" + asked.zh() + "是什么", path + "里的" + asked.zh() + "是" + value, true)
                : new ToolQuestion(
                        step,
                        "what is the " + asked.en() + " in " + path,
                        "the " + asked.en() + " in " + path + " is " + value,
                        false);
    }

    static String path(Draw draw) {
        String folder = draw.chance(30) ? draw.of("data/", "docs/", "work/") : "";
        String number = draw.chance(50) ? Integer.toString(draw.integer(1, 99)) : "";
        return folder + draw.of(FILES) + number + draw.of(".txt", ".md");
    }

    static ToolQuestion lookup(Draw draw, boolean zh) {
        return switch (draw.integer(0, 4)) {
            case 0 -> entry(new Term("price", "价格"), draw.some(Words.FOODS, 2), number(draw, 2, 99), zh);
            case 1 -> entry(new Term("weight", "重量"), draw.some(Words.THINGS, 2), number(draw, 2, 999), zh);
            case 2 -> entry(new Term("owner", "主人"), draw.some(Words.THINGS, 2), draw.of(Words.names(zh)), zh);
            case 3 -> entry(new Term("phone", "电话"), people(draw), number(draw, 1_000, 9_999), zh);
            default ->
                entry(
                        new Term("city", "城市"),
                        people(draw),
                        draw.of(Words.CITIES).in(zh),
                        zh);
        };
    }

    private static String number(Draw draw, int low, int high) {
        return Integer.toString(draw.integer(low, high));
    }

    private static List<Term> people(Draw draw) {
        var english = draw.some(Words.NAMES, 2);
        var chinese = draw.some(Words.NAMES_ZH, 2);
        return List.of(new Term(english.get(0), chinese.get(0)), new Term(english.get(1), chinese.get(1)));
    }

    private static ToolQuestion entry(Term attribute, List<Term> of, String value, boolean zh) {
        String key = entryKey(attribute, of.get(0), zh);
        var step = Step.asked(ToolBox.LOOKUP, key, entryKey(attribute, of.get(1), zh), value, zh);
        return zh
                ? new ToolQuestion(step, key + "是什么", key + "是" + value, true)
                : new ToolQuestion(step, "what is the " + key, "the " + key + " is " + value, false);
    }

    static String entryKey(Term attribute, Term of, boolean zh) {
        return zh ? of.zh() + "的" + attribute.zh() : attribute.en() + " of " + of.en();
    }
}
