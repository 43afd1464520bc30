package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Which rules have a text at all, and which have the empty one. Both are least fixed points over the rules
/// that the root reaches; a rule is looked at again only when one that it calls turned out to have the
/// property.
final class Productivity {

    private static final int MAX_RULES = 50_000;

    private final Map<Rule, List<Rule>> callers = new LinkedHashMap<>();
    private final Set<Rule> productive = new HashSet<>();
    private final Set<Rule> nullable = new HashSet<>();

    /// @throws HadalException if a rule is not defined, or if there are too many
    Productivity(Expression root) {
        var open = new ArrayDeque<Rule>();
        Consumer<Rule> reach = rule -> {
            if (!callers.containsKey(rule)) {
                callers.put(rule, new ArrayList<>());
                open.add(rule);
            }
        };
        forEachCall(root, reach);
        while (!open.isEmpty()) {
            Rule rule = open.remove();
            if (!rule.isDefined()) {
                throw new HadalException(
                        "the grammar uses the rule '%s', which is not defined; define it".formatted(rule.name()));
            }
            if (callers.size() > MAX_RULES) {
                throw new HadalException("the grammar has more than %d rules; make it smaller".formatted(MAX_RULES));
            }
            forEachCall(rule.body(), called -> {
                reach.accept(called);
                callers.computeIfAbsent(called, _ -> new ArrayList<>()).add(rule);
            });
        }
        var rules = new ArrayList<>(callers.keySet()).reversed();
        var work = new ArrayDeque<Rule>(rules);
        while (!work.isEmpty()) {
            Rule rule = work.remove();
            boolean found = !productive.contains(rule) && isProductive(rule.body()) && productive.add(rule);
            found |= !nullable.contains(rule) && isNullable(rule.body()) && nullable.add(rule);
            if (found) {
                work.addAll(callers.getOrDefault(rule, List.of()));
            }
        }
    }

    private static void forEachCall(Expression expression, Consumer<Rule> sink) {
        switch (expression) {
            case Expression.Call(Rule rule) -> sink.accept(rule);
            case Expression.Sequence(List<Expression> parts) -> parts.forEach(part -> forEachCall(part, sink));
            case Expression.Choice(List<Expression> alternatives) ->
                alternatives.forEach(alternative -> forEachCall(alternative, sink));
            case Expression.Repeat repeat -> forEachCall(repeat.body(), sink);
            case Expression.Literal _, Expression.Characters _, Expression.Token _, Expression.Without _ -> {}
        }
    }

    /// Whether some text satisfies the expression.
    boolean isProductive(Expression expression) {
        return switch (expression) {
            case Expression.Call(Rule rule) -> productive.contains(rule);
            case Expression.Sequence(List<Expression> parts) -> parts.stream().allMatch(this::isProductive);
            case Expression.Choice(List<Expression> alternatives) ->
                alternatives.stream().anyMatch(this::isProductive);
            case Expression.Repeat repeat -> repeat.min() == 0 || isProductive(repeat.body());
            case Expression.Characters(CodePoints set) -> !set.isEmpty();
            case Expression.Literal _, Expression.Token _, Expression.Without _ -> true;
        };
    }

    /// Whether the empty text satisfies the expression.
    boolean isNullable(Expression expression) {
        return switch (expression) {
            case Expression.Call(Rule rule) -> nullable.contains(rule);
            case Expression.Sequence(List<Expression> parts) -> parts.stream().allMatch(this::isNullable);
            case Expression.Choice(List<Expression> alternatives) ->
                alternatives.stream().anyMatch(this::isNullable);
            case Expression.Repeat repeat -> repeat.min() == 0 || isNullable(repeat.body());
            case Expression.Literal(byte[] bytes) -> bytes.length == 0;
            case Expression.Without _ -> true;
            case Expression.Characters _, Expression.Token _ -> false;
        };
    }
}
