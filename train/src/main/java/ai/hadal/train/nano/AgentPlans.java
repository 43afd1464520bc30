package ai.hadal.train.nano;

import java.util.List;

/// Draws plans of four calls.
final class AgentPlans {

    static final Term PRICE = new Term("price", "价格");
    static final Term CITY = new Term("city", "城市");
    private static final Term OWNER = new Term("owner", "主人");
    private static final Term BOSS = new Term("boss", "上司");

    private AgentPlans() {}

    static AgentPlan draw(Draw draw, boolean zh) {
        return switch (draw.integer(0, 6)) {
            case 0 -> shopping(draw, zh);
            case 1 -> travel(draw, zh);
            case 2 -> stock(draw, zh);
            case 3 -> pay(draw, zh);
            case 4 -> order(draw, zh);
            case 5 -> trip(draw, zh);
            default -> boss(draw, zh);
        };
    }

    private static AgentPlan shopping(Draw draw, boolean zh) {
        var things = draw.some(Words.THINGS, 2);
        int m = draw.integer(2, 9);
        int n = draw.integer(2, 9);
        int a = draw.integer(2, 30);
        int b = draw.integer(2, 30);
        String one = m + " x " + things.get(0).in(zh);
        String other = n + " x " + things.get(1).in(zh);
        String ask = zh ? one + "和" + other + "一共多少元" : "What do " + one + " and " + other + " cost";
        String keyA = ToolQuestions.entryKey(PRICE, things.get(0), zh);
        String keyB = ToolQuestions.entryKey(PRICE, things.get(1), zh);
        var sum = calculate(
                m + " * " + a + " + " + n + " * " + b,
                m + " * " + b + " + " + n + " * " + a,
                m + ", " + n,
                a + ", " + b,
                m * a + n * b,
                zh);
        return withLimit(draw, ask, lookup(keyA, keyB, a, zh), lookup(keyB, keyA, b, zh), sum, zh);
    }

    private static AgentPlan travel(Draw draw, boolean zh) {
        var cities =
                draw.some(Words.CITIES, 3).stream().map(city -> city.in(zh)).toList();
        String to = zh ? "到" : " to ";
        int a = draw.integer(10, 300);
        int b = draw.integer(10, 300);
        String way = String.join(to, cities);
        String ask = zh ? "从" + way + "要多少分钟" : "How many minutes is it from " + way;
        String keyA = cities.get(0) + to + cities.get(1);
        String keyB = cities.get(1) + to + cities.get(2);
        return withLimit(draw, ask, lookup(keyA, keyB, a, zh), lookup(keyB, keyA, b, zh), add(a, b, zh), zh);
    }

    private static AgentPlan stock(Draw draw, boolean zh) {
        var cities =
                draw.some(Words.CITIES, 2).stream().map(city -> city.in(zh)).toList();
        String food = draw.of(Words.FOODS).in(zh);
        int a = draw.integer(10, 400);
        int b = draw.integer(10, 400);
        String ask = zh
                ? cities.get(0) + "和" + cities.get(1) + "一共有多少" + food
                : "How much " + food + " do " + cities.get(0) + " and " + cities.get(1) + " have";
        String keyA = zh ? cities.get(0) + "的" + food : food + " in " + cities.get(0);
        String keyB = zh ? cities.get(1) + "的" + food : food + " in " + cities.get(1);
        return withLimit(draw, ask, lookup(keyA, keyB, a, zh), lookup(keyB, keyA, b, zh), add(a, b, zh), zh);
    }

    private static AgentPlan pay(Draw draw, boolean zh) {
        var names = draw.some(Words.names(zh), 2);
        int months = draw.integer(2, 12);
        int a = draw.integer(10, 99);
        int b = draw.integer(10, 99);
        String ask = zh
                ? names.get(0) + "和" + names.get(1) + months + "个月一共挣多少"
                : "What do " + names.get(0) + " and " + names.get(1) + " earn in " + months + " months";
        String keyA = zh ? names.get(0) + "的工资" : "pay of " + names.get(0);
        String keyB = zh ? names.get(1) + "的工资" : "pay of " + names.get(1);
        var sum = calculate(
                "(" + a + " + " + b + ") * " + months,
                a + " + " + b + " * " + months,
                Integer.toString(months),
                a + ", " + b,
                (a + b) * months,
                zh);
        return withLimit(draw, ask, lookup(keyA, keyB, a, zh), lookup(keyB, keyA, b, zh), sum, zh);
    }

    /// Two lookups and a sum, then a file that says how much it may be.
    private static AgentPlan withLimit(Draw draw, String ask, Step first, Step second, Step sum, boolean zh) {
        int total = Integer.parseInt(sum.result());
        int limit = draw.chance(50)
                ? total + draw.integer(0, total)
                : Math.max(1, total - draw.integer(1, Math.max(1, total / 2)));
        String path = ToolQuestions.path(draw);
        var file = Step.asked(ToolBox.READ_FILE, path, ToolQuestions.path(draw), "limit: " + limit, zh);
        boolean within = total <= limit;
        String conclusion = zh
                ? total + (within ? "没有超过" : "超过") + limit + "。"
                : total + " is " + (within ? "not more" : "more") + " than " + limit + ".";
        return new AgentPlan(
                zh ? ask + "？有没有超过" + path + "里的上限？" : ask + ", and is that within the limit in " + path + "?",
                List.of(first, second, sum, file),
                conclusion,
                zh
                        ? "一共是" + total + "，上限是" + limit + (within ? "，没有超过。" : "，超过了。")
                        : (within ? "Yes" : "No") + ", the total is " + total + " and the limit is " + limit + ".",
                zh);
    }

    private static AgentPlan order(Draw draw, boolean zh) {
        var foods = draw.some(Words.FOODS, 2);
        int m = draw.integer(2, 9);
        int n = draw.integer(2, 9);
        int a = draw.integer(2, 30);
        int b = draw.integer(2, 30);
        String path = ToolQuestions.path(draw);
        String list = m + " x " + foods.get(0).in(zh) + ", " + n + " x "
                + foods.get(1).in(zh);
        String keyA = ToolQuestions.entryKey(PRICE, foods.get(0), zh);
        String keyB = ToolQuestions.entryKey(PRICE, foods.get(1), zh);
        var sum = calculate(
                m + " * " + a + " + " + n + " * " + b,
                m + " * " + b + " + " + n + " * " + a,
                m + ", " + n,
                a + ", " + b,
                m * a + n * b,
                zh);
        return new AgentPlan(
                zh ? path + "里的订单一共多少元？" : "What does the order in " + path + " cost?",
                List.of(
                        Step.asked(ToolBox.READ_FILE, path, ToolQuestions.path(draw), list, zh),
                        Step.found(ToolBox.LOOKUP, keyA, keyB, foods.get(0).in(zh), Integer.toString(a), zh),
                        Step.found(ToolBox.LOOKUP, keyB, keyA, foods.get(1).in(zh), Integer.toString(b), zh),
                        sum),
                zh ? "这是订单的价格。" : "That is the cost of the order.",
                zh ? "订单一共" + sum.result() + "元。" : "The order costs " + sum.result() + " coins.",
                zh);
    }

    private static AgentPlan trip(Draw draw, boolean zh) {
        var cities =
                draw.some(Words.CITIES, 2).stream().map(city -> city.in(zh)).toList();
        String city = cities.get(0);
        String wrong = cities.get(1);
        String path = ToolQuestions.path(draw);
        String time = ToolQuestions.timeOfDay(draw);
        String weather = draw.of(ToolQuestions.WEATHER).in(zh);
        String guide = draw.of(Words.names(zh));
        String guideKey = zh ? city + "的导游" : "guide in " + city;
        return new AgentPlan(
                zh
                        ? "读" + path + "里的城市。那里现在几点，天气怎么样，导游是谁？"
                        : "Read the city in " + path + ". What are the time, the weather and the guide there?",
                List.of(
                        Step.asked(ToolBox.READ_FILE, path, ToolQuestions.path(draw), city, zh),
                        Step.found(ToolBox.GET_TIME, city, wrong, city, time, zh),
                        Step.found(ToolBox.GET_WEATHER, city, wrong, city, weather, zh),
                        Step.found(
                                ToolBox.LOOKUP, guideKey, zh ? wrong + "的导游" : "guide in " + wrong, city, guide, zh)),
                zh ? "三件事都查到了。" : "I have all three.",
                zh
                        ? city + "现在是" + time + "，天气是" + weather + "，导游是" + guide + "。"
                        : "In " + city + " it is " + time + ", the weather is " + weather + ", and the guide is "
                                + guide + ".",
                zh);
    }

    private static AgentPlan boss(Draw draw, boolean zh) {
        String thing = draw.of(Words.THINGS).in(zh);
        var names = draw.some(Words.names(zh), 2);
        String owner = names.get(0);
        String boss = names.get(1);
        var cities =
                draw.some(Words.CITIES, 2).stream().map(city -> city.in(zh)).toList();
        String time = ToolQuestions.timeOfDay(draw);
        String ownerKey = key(OWNER, thing, zh);
        return new AgentPlan(
                zh
                        ? thing + "的主人的上司的城市现在几点？"
                        : "What time is it in the city of the boss of the owner of the " + thing + "?",
                List.of(
                        Step.asked(ToolBox.LOOKUP, ownerKey, key(BOSS, thing, zh), owner, zh),
                        Step.found(ToolBox.LOOKUP, key(BOSS, owner, zh), key(CITY, owner, zh), owner, boss, zh),
                        Step.found(ToolBox.LOOKUP, key(CITY, boss, zh), key(CITY, owner, zh), boss, cities.get(0), zh),
                        Step.found(ToolBox.GET_TIME, cities.get(0), cities.get(1), cities.get(0), time, zh)),
                zh ? "这是那个城市的时间。" : "That is the time in the city.",
                zh ? cities.get(0) + "现在是" + time + "。" : "It is " + time + " in " + cities.get(0) + ".",
                zh);
    }

    static String key(Term attribute, String of, boolean zh) {
        return ToolQuestions.entryKey(attribute, new Term(of, of), zh);
    }

    static Step lookup(String key, String near, int value, boolean zh) {
        return Step.asked(ToolBox.LOOKUP, key, near, Integer.toString(value), zh);
    }

    private static Step add(int a, int b, boolean zh) {
        return calculate(a + " + " + b, a + " * " + b, "", a + ", " + b, a + b, zh);
    }

    /// @param asked numbers of the question, "" if none
    /// @param found numbers of the results
    static Step calculate(String expression, String near, String asked, String found, int result, boolean zh) {
        String question = asked.isEmpty() ? "" : zh ? "数量是" + asked + "，" : "the amounts are " + asked + " and ";
        String results = zh ? "结果是" + found : "the results are " + found;
        return new Step(ToolBox.CALCULATE, expression, near, question + results, Integer.toString(result));
    }
}
