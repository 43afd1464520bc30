package ai.hadal.tokenizer;

/// A part of a text, `[from, to)` in UTF-16 units.
public record TextRange(int from, int to) {

    /// @throws IllegalArgumentException if it ends before it begins
    public TextRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("a range from " + from + " to " + to);
        }
    }
}
