package ai.hadal.train.nano;

import ai.hadal.train.nano.Worked.Slip;
import java.util.ArrayList;
import java.util.List;

/// Who is tallest, oldest, fastest, from comparisons of two and two.
final class People {

    /// An adjective with its opposite: more, less, most, least.
    private record Order(String more, String less, String most, String least) {}

    private static final List<Order> ENGLISH = List.of(
            new Order("taller", "shorter", "tallest", "shortest"),
            new Order("older", "younger", "oldest", "youngest"),
            new Order("faster", "slower", "fastest", "slowest"),
            new Order("richer", "poorer", "richest", "poorest"));
    private static final List<Order> CHINESE = List.of(
            new Order("高", "矮", "最高", "最矮"),
            new Order("大", "小", "年纪最大", "年纪最小"),
            new Order("快", "慢", "最快", "最慢"),
            new Order("重", "轻", "最重", "最轻"));

    private People() {}

    static Worked worked(Draw draw, Language language) {
        var people = draw.some(Names.of(language), draw.of(List.of(3, 3, 4, 4, 5)));
        var order = draw.of(language == Language.ENGLISH ? ENGLISH : CHINESE);
        var pairs = new ArrayList<List<String>>();
        for (int i = 1; i < people.size(); i++) {
            pairs.add(people.subList(i - 1, i + 1));
        }
        var story = new StringBuilder();
        var facts = new ArrayList<String>();
        var shuffled = draw.some(pairs, pairs.size());
        for (var pair : shuffled) {
            boolean turned = draw.chance(35);
            story.append(statement(language, order, pair, turned)).append(language.say(" ", ""));
            facts.add(pair.get(0) + " > " + pair.get(1));
        }
        boolean most = draw.chance(60);
        String head =
                String.join("\n", facts) + "\n" + up(people, shuffled.getFirst().getFirst()) + "\n";
        var wrong = new ArrayList<>(people);
        int at = draw.integer(0, people.size() - 2);
        wrong.set(at, people.get(at + 1));
        wrong.set(at + 1, people.get(at));
        return new Worked(
                language,
                String.join(">", people) + (most ? "" : "<"),
                story
                        + language.say(
                                "Who is the " + (most ? order.most : order.least) + "?",
                                "谁" + (most ? order.most : order.least) + "？"),
                most ? people.getFirst() : people.getLast(),
                head + String.join(" > ", people),
                check(people, shuffled) + "\nok",
                new Slip(head + String.join(" > ", wrong), check(wrong, shuffled)));
    }

    private static String statement(Language language, Order order, List<String> pair, boolean turned) {
        String first = pair.get(turned ? 1 : 0);
        String second = pair.get(turned ? 0 : 1);
        String word = turned ? order.less : order.more;
        return language.say(first + " is " + word + " than " + second + ".", first + "比" + second + word + "。");
    }

    /// From one person up to whom nobody exceeds: `Ben < Anna < Carl`.
    private static String up(List<String> people, String from) {
        return String.join(" < ", people.subList(0, people.indexOf(from) + 1).reversed());
    }

    /// Each fact with the places its people have in the chain: `Ben 2 < Carl 3`.
    private static String check(List<String> chain, List<List<String>> facts) {
        var text = new StringBuilder();
        for (var fact : facts) {
            int first = chain.indexOf(fact.get(0)) + 1;
            int second = chain.indexOf(fact.get(1)) + 1;
            text.append(text.isEmpty() ? "" : "\n").append(fact.get(0) + " " + first);
            text.append(first < second ? " < " : " > ").append(fact.get(1) + " " + second);
            if (first > second) {
                return text.append("≠").toString();
            }
        }
        return text.toString();
    }
}
