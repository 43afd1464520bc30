package ai.hadal.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A few rows out of the product of dimensions that between them hold each pair of values of any two: what breaks
/// where two dimensions meet breaks in one of them.
public final class CoveringSet {

    /// Two values of different dimensions.
    private record Pair(int first, int value, int second, int other) {}

    private CoveringSet() {}

    /// Always the same rows, found greedily: the next is the first of those that bring the most new pairs.
    ///
    /// @param valid which rows may be taken; pairs that no valid row has are not asked for
    /// @param sizes the number of values of each dimension, at least two dimensions
    public static List<int[]> of(Predicate<int[]> valid, int... sizes) {
        var rows = product(sizes).stream().filter(valid).toList();
        var missing = new HashSet<Pair>();
        rows.forEach(row -> missing.addAll(pairs(row)));
        var chosen = new ArrayList<int[]>();
        while (!missing.isEmpty()) {
            int[] best = {};
            long most = 0;
            for (int[] row : rows) {
                long brings = pairs(row).stream().filter(missing::contains).count();
                if (brings > most) {
                    best = row;
                    most = brings;
                }
            }
            chosen.add(best);
            missing.removeAll(pairs(best));
        }
        return chosen;
    }

    /// All rows of a product, the last dimension the fastest.
    public static List<int[]> product(int... sizes) {
        var rows = List.of(new int[sizes.length]);
        for (int d = 0; d < sizes.length; d++) {
            var longer = new ArrayList<int[]>();
            for (int[] row : rows) {
                for (int value = 0; value < sizes[d]; value++) {
                    int[] next = row.clone();
                    next[d] = value;
                    longer.add(next);
                }
            }
            rows = longer;
        }
        return rows;
    }

    private static Set<Pair> pairs(int[] row) {
        var pairs = new HashSet<Pair>();
        for (int d = 0; d < row.length; d++) {
            for (int e = d + 1; e < row.length; e++) {
                pairs.add(new Pair(d, row[d], e, row[e]));
            }
        }
        return pairs;
    }
}
