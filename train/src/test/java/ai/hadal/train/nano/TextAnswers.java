package ai.hadal.train.nano;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Answers to questions of order, rules, letters and lists, found without the steps of the tasks.
final class TextAnswers {

    private static final List<String> PLACES = List.of("first", "second", "third", "fourth", "fifth");

    private TextAnswers() {}

    static String logic(String question, boolean english) {
        if (question.contains("true") || question.contains("false")) {
            return truth(question);
        }
        return question.startsWith("All")
                        || question.startsWith("No ")
                        || question.startsWith("所有")
                        || question.startsWith("没有")
                ? rule(question, english)
                : people(question, english);
    }

    private static String truth(String question) {
        String expression = question.substring(
                        question.lastIndexOf(english(question) ? "What is " : "。") + (english(question) ? 8 : 1))
                .replaceAll("\\?|是什么？", "");
        for (var value : Pattern.compile("(\\w) = (true|false)")
                .matcher(question)
                .results()
                .toList()) {
            expression = expression.replaceAll(
                    "\\b" + value.group(1) + "\\b",
                    value.group(2).substring(0, 1).toUpperCase(Locale.ROOT));
        }
        expression = expression.replace("not T", "F_").replace("not F", "T").replace("F_", "F");
        while (expression.length() > 1) {
            String before = expression;
            expression = expression
                    .replaceAll("\\(([TF])\\)", "$1")
                    .replace("T and T", "T")
                    .replaceAll("F and [TF]|T and F", "F")
                    .replaceAll("T or [TF]|F or T", "T")
                    .replace("F or F", "F");
            if (expression.equals(before)) {
                throw new AssertionError(question + ": " + expression);
            }
        }
        return expression.equals("T") ? "true" : "false";
    }

    private static boolean english(String question) {
        return question.contains("What is ");
    }

    /// Follows "all" as far as it goes.
    private static String rule(String question, boolean english) {
        var all = pairs(question, english ? "All (\\w+)s are (\\w+)s\\." : "所有([^都。]+)都是([^。]+)。");
        var none = pairs(question, english ? "No (\\w+) is a (\\w+)\\." : "没有([^是。]+)是([^。]+)。");
        String known = first(question, english ? "is a (\\w+)\\. Is" : "是([^是。]+)。[^。]+吗？");
        String asked = first(question, english ? "Is \\w+ a (\\w+)\\?" : "是([^是。]+)吗？");
        Set<String> kinds = new HashSet<>(Set.of(known));
        for (int i = 0; i < 3; i++) {
            all.stream().filter(p -> kinds.contains(p.get(0))).toList().forEach(p -> kinds.add(p.get(1)));
        }
        if (kinds.contains(asked)) {
            return english ? "yes" : "是";
        }
        return none.stream().anyMatch(p -> kinds.contains(p.get(0)) && p.get(1).equals(asked))
                ? english ? "no" : "不是"
                : english ? "unknown" : "不知道";
    }

    private static List<List<String>> pairs(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(r -> List.of(r.group(1), r.group(2)))
                .toList();
    }

    private static String first(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError(text + " lacks " + pattern))
                .group(1);
    }

    /// Whom most others are below, counted over all paths.
    private static String people(String question, boolean english) {
        var more = english ? List.of("taller", "older", "faster", "richer") : List.of("高", "大", "快", "重");
        var above = new ArrayList<List<String>>();
        var names = new ArrayList<String>();
        var pattern = english ? "(\\w+) is (\\w+) than (\\w+)\\." : "(小.)比(小.)(.)。";
        for (var fact : Pattern.compile(pattern).matcher(question).results().toList()) {
            String word = fact.group(english ? 2 : 3);
            String first = fact.group(1);
            String second = fact.group(english ? 3 : 2);
            above.add(more.contains(word) ? List.of(first, second) : List.of(second, first));
            names.addAll(List.of(first, second));
        }
        boolean most = english
                ? List.of("tallest?", "oldest?", "fastest?", "richest?").stream()
                        .anyMatch(question::endsWith)
                : List.of("最高？", "最大？", "最快？", "最重？").stream().anyMatch(question::endsWith);
        var byDepth = Comparator.comparingInt((String name) -> depth(name, above));
        return names.stream()
                .distinct()
                .max(most ? byDepth : byDepth.reversed())
                .orElseThrow();
    }

    private static int depth(String name, List<List<String>> above) {
        return above.stream()
                .filter(p -> p.get(0).equals(name))
                .mapToInt(p -> 1 + depth(p.get(1), above))
                .max()
                .orElse(0);
    }

    static String strings(String question, String key) {
        var words = List.of(key.split(" "));
        String text = words.getLast();
        if (!question.contains(text)) {
            throw new AssertionError(question);
        }
        return switch (words.getFirst()) {
            case "spell" -> apart(text);
            case "backwards" -> apart(new StringBuilder(text).reverse().toString());
            case "count" ->
                Integer.toString(text.length() - text.replace(words.get(1), "").length());
            case "nth" -> text.substring(Integer.parseInt(words.get(1)) - 1, Integer.parseInt(words.get(1)));
            case "last" -> text.substring(text.length() - 1);
            case "first" -> text.substring(0, 1);
            case "capitals" -> apart(text.toUpperCase(Locale.ROOT));
            default -> apart(words.get(1) + text);
        };
    }

    private static String apart(String text) {
        return text.chars().mapToObj(Character::toString).collect(joining(" "));
    }

    static String lists(String question) {
        String inner = question.substring(question.indexOf('[') + 1, question.indexOf(']'));
        var n = NumberAnswers.numbers(inner);
        String words = question.replace("[" + inner + "]", "");
        if (has(words, "Sort", "排序")) {
            return n.stream().sorted().toList().toString();
        }
        if (has(words, "largest", "最大")) {
            return n.stream().max(Comparator.naturalOrder()).orElseThrow().toString();
        }
        if (has(words, "smallest", "最小")) {
            return n.stream().min(Comparator.naturalOrder()).orElseThrow().toString();
        }
        if (has(words, "sum", "Add up") || words.contains("和")) {
            return Integer.toString(n.stream().reduce(0, Integer::sum));
        }
        if (has(words, "How many", "几个数？") || words.contains("How long") || words.contains("多长")) {
            return Integer.toString(n.size());
        }
        if (has(words, "duplicates", "重复")) {
            return n.stream().distinct().toList().toString();
        }
        if (has(words, "Reverse", "倒")) {
            return n.reversed().toString();
        }
        int place = words.contains("第")
                ? NumberAnswers.numbers(words).getFirst() - 1
                : PLACES.indexOf(
                        PLACES.stream().filter(words::contains).findFirst().orElseThrow());
        return n.get(place).toString();
    }

    private static boolean has(String words, String english, String other) {
        return words.contains(english) || words.contains(other);
    }
}
