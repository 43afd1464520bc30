package ai.hadal.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A set of Unicode scalar values as ascending ranges that neither touch nor overlap. Surrogates are never in
/// one: UTF-8 can't say them.
final class CodePoints {

    static final CodePoints NONE = new CodePoints(new int[0]);

    private static final int LAST = Character.MAX_CODE_POINT;
    private static final int SURROGATES = 0xD800;
    private static final int AFTER_SURROGATES = 0xE000;

    static final CodePoints ALL = range(0, LAST);

    /// First and last of each range.
    private final int[] bounds;

    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    static CodePoints range(int first, int last) {
        var ranges = new ArrayList<int[]>();
        add(ranges, first, Math.min(last, SURROGATES - 1));
        add(ranges, Math.max(first, AFTER_SURROGATES), last);
        return ofSorted(ranges);
    }

    static CodePoints of(String characters) {
        return union(characters.codePoints().mapToObj(c -> range(c, c)).toList());
    }

    private static void add(List<int[]> ranges, int first, int last) {
        if (first <= last) {
            ranges.add(new int[] {first, last});
        }
    }

    private static CodePoints ofSorted(List<int[]> ranges) {
        var bounds = new int[2 * ranges.size()];
        int n = 0;
        for (int[] range : ranges) {
            if (n > 0 && range[0] <= bounds[n - 1] + 1) {
                bounds[n - 1] = Math.max(bounds[n - 1], range[1]);
            } else {
                bounds[n++] = range[0];
                bounds[n++] = range[1];
            }
        }
        return new CodePoints(Arrays.copyOf(bounds, n));
    }

    int ranges() {
        return bounds.length / 2;
    }

    int first(int range) {
        return bounds[2 * range];
    }

    int last(int range) {
        return bounds[2 * range + 1];
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    boolean contains(int codePoint) {
        for (int r = 0; r < ranges(); r++) {
            if (codePoint >= first(r) && codePoint <= last(r)) {
                return true;
            }
        }
        return false;
    }

    static CodePoints union(List<CodePoints> sets) {
        var ranges = new ArrayList<int[]>();
        for (CodePoints set : sets) {
            for (int r = 0; r < set.ranges(); r++) {
                ranges.add(new int[] {set.first(r), set.last(r)});
            }
        }
        ranges.sort((a, b) -> Integer.compare(a[0], b[0]));
        return ofSorted(ranges);
    }

    CodePoints or(CodePoints other) {
        return union(List.of(this, other));
    }

    CodePoints not() {
        var ranges = new ArrayList<int[]>();
        int next = 0;
        for (int r = 0; r < ranges(); r++) {
            addScalars(ranges, next, first(r) - 1);
            next = last(r) + 1;
        }
        addScalars(ranges, next, LAST);
        return ofSorted(ranges);
    }

    private static void addScalars(List<int[]> ranges, int first, int last) {
        add(ranges, first, Math.min(last, SURROGATES - 1));
        add(ranges, Math.max(first, AFTER_SURROGATES), last);
    }

    CodePoints and(CodePoints other) {
        return not().or(other.not()).not();
    }

    CodePoints minus(CodePoints other) {
        return and(other.not());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
