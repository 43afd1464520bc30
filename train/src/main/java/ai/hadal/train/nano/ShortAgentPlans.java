package ai.hadal.train.nano;

import java.util.List;

/// Draws plans of two calls.
final class ShortAgentPlans {

    private ShortAgentPlans() {}

    static AgentPlan draw(Draw draw, boolean zh) {
        return switch (draw.integer(0, 2)) {
            case 0 -> cost(draw, zh);
            case 1 -> time(draw, zh);
            default -> file(draw, zh);
        };
    }

    private static AgentPlan cost(Draw draw, boolean zh) {
        var things = draw.some(Words.THINGS, 2);
        int n = draw.integer(2, 20);
        int price = draw.integer(2, 60);
        String amount = n + " x " + things.get(0).in(zh);
        var lookup = AgentPlans.lookup(
                ToolQuestions.entryKey(AgentPlans.PRICE, things.get(0), zh),
                ToolQuestions.entryKey(AgentPlans.PRICE, things.get(1), zh),
                price,
                zh);
        var product = AgentPlans.calculate(
                n + " * " + price, n + " + " + price, Integer.toString(n), Integer.toString(price), n * price, zh);
        return new AgentPlan(
                zh ? amount + "一共多少元？" : "What do " + amount + " cost?",
                List.of(lookup, product),
                zh ? "这是总价。" : "That is the total.",
                zh
                        ? amount + "一共" + product.result() + "元。"
                        : "The price of " + amount + " is " + product.result() + " coins.",
                zh);
    }

    private static AgentPlan time(Draw draw, boolean zh) {
        var names = draw.some(Words.names(zh), 2);
        var cities =
                draw.some(Words.CITIES, 2).stream().map(city -> city.in(zh)).toList();
        String city = cities.get(0);
        String time = ToolQuestions.timeOfDay(draw);
        String key = AgentPlans.key(AgentPlans.CITY, names.get(0), zh);
        return new AgentPlan(
                zh ? names.get(0) + "的城市现在几点？" : "What time is it in the city of " + names.get(0) + "?",
                List.of(
                        Step.asked(ToolBox.LOOKUP, key, AgentPlans.key(AgentPlans.CITY, names.get(1), zh), city, zh),
                        Step.found(ToolBox.GET_TIME, city, cities.get(1), city, time, zh)),
                zh ? "这是那个城市的时间。" : "That is the time in the city.",
                zh ? city + "现在是" + time + "。" : "It is " + time + " in " + city + ".",
                zh);
    }

    private static AgentPlan file(Draw draw, boolean zh) {
        var foods = draw.some(Words.FOODS, 2);
        String food = foods.get(0).in(zh);
        String path = ToolQuestions.path(draw);
        String price = Integer.toString(draw.integer(2, 99));
        String key = ToolQuestions.entryKey(AgentPlans.PRICE, foods.get(0), zh);
        String near = ToolQuestions.entryKey(AgentPlans.PRICE, foods.get(1), zh);
        return new AgentPlan(
                zh ? path + "里写的东西的价格是什么？" : "What is the price of the thing in " + path + "?",
                List.of(
                        Step.asked(ToolBox.READ_FILE, path, ToolQuestions.path(draw), food, zh),
                        Step.found(ToolBox.LOOKUP, key, near, food, price, zh)),
                zh ? "这是" + food + "的价格。" : "That is the price of " + food + ".",
                zh ? food + "的价格是" + price + "。" : "The price of " + food + " is " + price + ".",
                zh);
    }
}
