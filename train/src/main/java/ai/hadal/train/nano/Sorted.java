package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;

/// Sorting by insertion: each line is the one before with one number more in its place.
final class Sorted {

    private Sorted() {}

    static String join(String between, List<?> items) {
        return String.join(between, items.stream().map(Object::toString).toList());
    }

    /// @param wrong the number that goes one place too far, -1 if none
    static String steps(List<Integer> numbers, int wrong) {
        var lines = new ArrayList<String>();
        for (int count = 1; count <= numbers.size(); count++) {
            lines.add(join(" ", insert(numbers.subList(0, count), wrong)));
        }
        return String.join("\n", lines);
    }

    static List<Integer> insert(List<Integer> numbers, int wrong) {
        var sorted = new ArrayList<Integer>();
        for (int i = 0; i < numbers.size(); i++) {
            int number = numbers.get(i);
            int place = 0;
            while (place < sorted.size() && sorted.get(place) <= number) {
                place++;
            }
            if (i == wrong) {
                place += place < sorted.size() ? 1 : -1;
            }
            sorted.add(place, number);
        }
        return sorted;
    }

    /// Neighbours in order, and as many numbers as there were: `3<12<47:3`.
    static String check(List<Integer> sorted, int count) {
        var text = new StringBuilder().append(sorted.getFirst());
        for (int i = 1; i < sorted.size(); i++) {
            int order = Integer.compare(sorted.get(i - 1), sorted.get(i));
            text.append(order < 0 ? "<" : order > 0 ? ">" : "=").append(sorted.get(i));
            if (order > 0) {
                return text.append('≠').toString();
            }
        }
        return text + ":" + count + "\nok";
    }
}
