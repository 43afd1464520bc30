package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;

/// A long text: lines that say nothing, and facts among them.
///
/// @param lines sentences in order
/// @param facts those that lines state
record Haystack(List<String> lines, List<Fact> facts) {

    private static final double CHARS_PER_TOKEN = 4.2;
    private static final double TOKENS_PER_WIDE = 0.8;

    /// @param tokens rough length
    /// @param linesPerFact one line in this many is a fact
    static Haystack of(Draw draw, boolean chinese, KeyFacts keyFacts, double tokens, int linesPerFact) {
        var lines = new ArrayList<String>();
        var facts = new ArrayList<Fact>();
        double left = tokens;
        while (true) {
            boolean isFact = draw.integer(1, linesPerFact) == 1 && !keyFacts.isUsedUp();
            Fact fact = isFact ? keyFacts.next() : null;
            String line = fact == null ? Filler.sentence(draw, chinese) : fact.line();
            left -= tokensOf(line);
            if (left < 0) {
                return new Haystack(lines, facts);
            }
            lines.add(line);
            if (fact != null) {
                facts.add(fact);
            }
        }
    }

    /// What the built-in vocabulary makes of a line in a list, its mark and end included, on average.
    static double tokensOf(String line) {
        long wide = line.chars().filter(c -> c > 0x2E7F).count();
        return wide * TOKENS_PER_WIDE + (line.length() - wide) / CHARS_PER_TOKEN + 2;
    }
}
