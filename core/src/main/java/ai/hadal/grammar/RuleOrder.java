package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The states each rule begins in, and an order of the rules in which callers come first. A rule that comes
/// back to itself before anything was consumed has no place in it: that is left recursion.
final class RuleOrder {

    private static final int OPEN = -1;
    private static final int DONE = -2;

    private final List<State> states;
    private final List<Rule> rules;
    private final List<int[]> first = new ArrayList<>();
    private final List<int[]> called = new ArrayList<>();
    private final int[] rank;

    RuleOrder(List<State> states, Ints starts, List<Rule> rules) {
        this.states = states;
        this.rules = rules;
        for (int rule = 0; rule < rules.size(); rule++) {
            begin(starts.get(rule));
        }
        rank = new int[rules.size()];
        sort();
    }

    List<Automaton.Entry> entries() {
        var entries = new ArrayList<Automaton.Entry>();
        for (int rule = 0; rule < rank.length; rule++) {
            entries.add(new Automaton.Entry(rank[rule], first.get(rule)));
        }
        return List.copyOf(entries);
    }

    private void begin(int start) {
        var reached = new LinkedHashSet<Integer>();
        var open = new Ints();
        open.add(start);
        Set<Integer> calls = new HashSet<>();
        while (!open.isEmpty()) {
            int index = open.removeLast();
            if (!reached.add(index)) {
                continue;
            }
            State state = states.get(index);
            for (int e = 0; e < state.empty.size(); e++) {
                open.add(state.empty.get(e));
            }
            for (int c = 0; c < state.calls.size(); c += 2) {
                calls.add(state.calls.get(c));
            }
            if (state.loop != null) {
                calls.add(state.loop.body());
                if (state.loop.min() == 0) {
                    open.add(state.loop.exit());
                }
            }
        }
        first.add(reached.stream().mapToInt(i -> i).toArray());
        called.add(calls.stream().mapToInt(i -> i).toArray());
    }

    /// Depth first without recursion; a rule is numbered from the end once all that it calls are.
    private void sort() {
        var state = new int[rank.length];
        int next = rank.length;
        for (int root = 0; root < rank.length; root++) {
            var path = new Ints();
            var position = new Ints();
            if (state[root] == 0) {
                path.add(root);
                position.add(0);
                state[root] = OPEN;
            }
            while (!path.isEmpty()) {
                int rule = path.get(path.size() - 1);
                int at = position.removeLast();
                if (at == called.get(rule).length) {
                    state[rule] = DONE;
                    rank[rule] = --next;
                    path.removeLast();
                    continue;
                }
                position.add(at + 1);
                int callee = called.get(rule)[at];
                if (state[callee] == OPEN) {
                    throw leftRecursion(path.toArray(), callee);
                }
                if (state[callee] == 0) {
                    state[callee] = OPEN;
                    path.add(callee);
                    position.add(0);
                }
            }
        }
    }

    private HadalException leftRecursion(int[] path, int rule) {
        int from = 0;
        while (path[from] != rule) {
            from++;
        }
        var names = Arrays.stream(path, from, path.length)
                .mapToObj(index -> "'" + rules.get(index).name() + "'")
                .limit(5)
                .toList();
        return new HadalException("the rule " + String.join(", which begins with ", names)
                + " begins with itself again before it reads anything (left recursion);"
                + " write it as a repetition or let it recurse at its end");
    }
}
