package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Builds the states of a grammar's rules. Every expression is put between two states; what no text can
/// satisfy gets no edge, so that every way on leads to an end.
final class AutomatonBuilder {

    private static final int MAX_STATES = 400_000;
    private static final int MAX_EDGES = 2_000_000;

    private final Expression root;
    private final Productivity productivity;
    private final List<State> states = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<Rule, Integer> indexes = new HashMap<>();
    private final Ints starts = new Ints();
    private int edges;

    AutomatonBuilder(Expression root) {
        this.root = root;
        productivity = new Productivity(root);
    }

    Automaton build() {
        if (!productivity.isProductive(root)) {
            throw new HadalException("no text satisfies the grammar: a rule can't end or a choice is empty;"
                    + " give every rule an end");
        }
        index(new Rule("root", root));
        for (int rule = 0; rule < rules.size(); rule++) {
            int start = starts.get(rule);
            int end = state();
            states.get(end).end = true;
            emit(rules.get(rule).body(), start, end);
        }
        var order = new RuleOrder(states, starts, rules);
        return new Automaton(List.copyOf(states), order.entries(), 0, productivity.isNullable(root));
    }

    private int index(Rule rule) {
        Integer known = indexes.get(rule);
        if (known != null) {
            return known;
        }
        int index = rules.size();
        rules.add(rule);
        indexes.put(rule, index);
        starts.add(state());
        return index;
    }

    int state() {
        if (states.size() == MAX_STATES) {
            throw tooLarge();
        }
        states.add(new State());
        return states.size() - 1;
    }

    private State edgeFrom(int state) {
        if (++edges > MAX_EDGES) {
            throw tooLarge();
        }
        return states.get(state);
    }

    private static HadalException tooLarge() {
        return new HadalException(
                "the grammar needs more than %d states; make it or its schema smaller".formatted(MAX_STATES));
    }

    void bytes(int from, int low, int high, int to) {
        Ints out = edgeFrom(from).bytes;
        out.add(low);
        out.add(high);
        out.add(to);
    }

    void empty(int from, int to) {
        edgeFrom(from).empty.add(to);
    }

    private void emit(Expression expression, int from, int to) {
        if (!productivity.isProductive(expression)) {
            return;
        }
        switch (expression) {
            case Expression.Literal(byte[] bytes) -> literal(bytes, from, to);
            case Expression.Characters(CodePoints set) -> new Utf8Edges(this, to).emit(set, from);
            case Expression.Token(int id) -> {
                Ints out = edgeFrom(from).tokens;
                out.add(id);
                out.add(to);
            }
            case Expression.Sequence(List<Expression> parts) -> sequence(parts, from, to);
            case Expression.Choice(List<Expression> alternatives) ->
                alternatives.forEach(alternative -> emit(alternative, from, to));
            case Expression.Repeat repeat -> repeat(repeat, from, to);
            case Expression.Without(List<String> strings) -> new WithoutEdges(this, strings).emit(from, to);
            case Expression.Call(Rule rule) -> call(rule, from, to);
        }
    }

    private void literal(byte[] bytes, int from, int to) {
        if (bytes.length == 0) {
            empty(from, to);
            return;
        }
        int at = from;
        for (int i = 0; i < bytes.length; i++) {
            int next = i == bytes.length - 1 ? to : state();
            bytes(at, bytes[i] & 0xFF, bytes[i] & 0xFF, next);
            at = next;
        }
    }

    private void sequence(List<Expression> parts, int from, int to) {
        if (parts.isEmpty()) {
            empty(from, to);
            return;
        }
        int at = from;
        for (int i = 0; i < parts.size(); i++) {
            int next = i == parts.size() - 1 ? to : state();
            emit(parts.get(i), at, next);
            at = next;
        }
    }

    private void call(Rule rule, int from, int to) {
        Ints out = edgeFrom(from).calls;
        out.add(index(rule));
        out.add(to);
        if (productivity.isNullable(rule.body())) {
            empty(from, to);
        }
    }

    private void repeat(Expression.Repeat repeat, int from, int to) {
        Expression body = repeat.body();
        boolean nullable = productivity.isNullable(body);
        int min = nullable ? 0 : repeat.min();
        if (min == 0) {
            empty(from, to);
        }
        if (!productivity.isProductive(body)) {
            return;
        }
        if (repeat.max() == 1) {
            emit(body, from, to);
        } else if (repeat.max() == Expression.UNBOUNDED && min <= 1) {
            int head = state();
            int tail = state();
            empty(from, head);
            emit(body, head, tail);
            empty(tail, head);
            empty(tail, to);
        } else {
            int counter = state();
            empty(from, counter);
            states.get(counter).loop = new State.Loop(index(new Rule("a repetition", body)), min, repeat.max(), to);
        }
    }
}
