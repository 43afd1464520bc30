package ai.hadal.backend.topology;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Linux's text for a set of processors, `0-3,8,10-11`.
final class CpuList {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    private CpuList() {}

    /// The processors' numbers. What is no number or range is passed over.
    static SortedSet<Integer> parse(String text) {
        var numbers = new TreeSet<Integer>();
        for (String part : text.strip().split(",", -1)) {
            var range = RANGE.matcher(part.strip());
            if (range.matches()) {
                int first = Integer.parseInt(range.group(1));
                int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
                for (int number = first; number <= last; number++) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }
}
