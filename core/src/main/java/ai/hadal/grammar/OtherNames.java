package ai.hadal.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Names of at least one letter that are none of the given ones: the complement of a small trie.
final class OtherNames {

    private OtherNames() {}

    /// @param letters what names are made of
    static Expression of(List<String> names, CodePoints letters) {
        return after(names.stream().map(name -> name.codePoints().toArray()).toList(), 0, letters);
    }

    /// What may follow the first `depth` letters, which all these names share: at least one letter more.
    private static Expression after(List<int[]> names, int depth, CodePoints letters) {
        Map<Integer, List<int[]>> byLetter = new LinkedHashMap<>();
        for (int[] name : names) {
            if (name.length > depth) {
                byLetter.computeIfAbsent(name[depth], _ -> new ArrayList<>()).add(name);
            }
        }
        CodePoints free = letters;
        var alternatives = new ArrayList<Expression>();
        for (var entry : byLetter.entrySet()) {
            int letter = entry.getKey();
            CodePoints one = CodePoints.range(letter, letter);
            free = free.minus(one);
            if (letters.contains(letter)) {
                boolean taken = entry.getValue().stream().anyMatch(name -> name.length == depth + 1);
                Expression more = after(entry.getValue(), depth + 1, letters);
                alternatives.add(
                        Expression.sequence(new Expression.Characters(one), taken ? more : Expression.optional(more)));
            }
        }
        alternatives.add(Expression.sequence(
                new Expression.Characters(free), Expression.any(new Expression.Characters(letters))));
        return new Expression.Choice(alternatives);
    }
}
