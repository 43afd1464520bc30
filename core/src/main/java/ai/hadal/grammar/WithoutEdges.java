package ai.hadal.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The edges of a text in which none of some strings stands: a state for each beginning of one (Aho and
/// Corasick, 1975), and no way into a whole one.
final class WithoutEdges {

    private final AutomatonBuilder builder;
    private final List<Map<Integer, Integer>> children = new ArrayList<>();
    private final List<Boolean> whole = new ArrayList<>();
    private final Set<Integer> letters = new LinkedHashSet<>();

    WithoutEdges(AutomatonBuilder builder, List<String> strings) {
        this.builder = builder;
        node();
        for (String string : strings) {
            int node = 0;
            for (int letter : string.codePoints().toArray()) {
                letters.add(letter);
                Integer child = children.get(node).get(letter);
                if (child == null) {
                    child = node();
                    children.get(node).put(letter, child);
                }
                node = child;
            }
            whole.set(node, true);
        }
        completeTransitions();
    }

    private int node() {
        children.add(new HashMap<>());
        whole.add(false);
        return children.size() - 1;
    }

    /// Gives every node a child for every letter: its own, or that of the longest other beginning that ends
    /// there.
    private void completeTransitions() {
        var fallback = new int[children.size()];
        var open = new ArrayDeque<Integer>();
        open.add(0);
        while (!open.isEmpty()) {
            int node = open.remove();
            for (int letter : letters) {
                Integer child = children.get(node).get(letter);
                int other = node == 0 ? 0 : children.get(fallback[node]).getOrDefault(letter, 0);
                if (child == null) {
                    children.get(node).put(letter, other);
                } else {
                    fallback[child] = other;
                    whole.set(child, whole.get(child) || whole.get(other));
                    open.add(child);
                }
            }
        }
    }

    void emit(int from, int to) {
        var states = new int[children.size()];
        var edges = new Utf8Edges[states.length];
        for (int node = 0; node < states.length; node++) {
            states[node] = builder.state();
            builder.empty(states[node], to);
            edges[node] = new Utf8Edges(builder, states[node]);
        }
        builder.empty(from, states[0]);
        CodePoints others = CodePoints.union(letters.stream()
                        .map(letter -> CodePoints.range(letter, letter))
                        .toList())
                .not();
        for (int node = 0; node < states.length; node++) {
            Map<Integer, CodePoints> byTarget = new HashMap<>();
            for (int letter : letters) {
                CodePoints one = CodePoints.range(letter, letter);
                byTarget.merge(children.get(node).getOrDefault(letter, 0), one, CodePoints::or);
            }
            byTarget.merge(0, others, CodePoints::or);
            for (var entry : byTarget.entrySet()) {
                if (!whole.get(node) && !whole.get(entry.getKey())) {
                    edges[entry.getKey()].emit(entry.getValue(), states[node]);
                }
            }
        }
    }
}
