package ai.hadal.tokenizer;

import java.util.List;

/// Ranges of a text in which no added token is recognised.
final class OrdinaryRanges {

    private final int[] starts;
    private final int[] ends;

    /// @param ranges in ascending order, not overlapping; empty ones are passed over
    OrdinaryRanges(List<TextRange> ranges) {
        var filled = ranges.stream().filter(range -> range.from() < range.to()).toList();
        starts = filled.stream().mapToInt(TextRange::from).toArray();
        ends = filled.stream().mapToInt(TextRange::to).toArray();
    }

    /// How far an added token that begins at a place may go: to the next range, and nowhere from within one.
    int end(int from) {
        // The first range that ends behind the place.
        int low = 0;
        int high = ends.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] <= from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == starts.length ? Integer.MAX_VALUE : Math.max(from, starts[low]);
    }
}
