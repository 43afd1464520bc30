package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.ArrayList;
import java.util.List;

/// Finding one fact among others of its kind in a long text.
///
/// @param tokens rough length of the text
/// @param depthPercent where the fact stands, 0 for the start of the text and 100 for its end; [#ANY_DEPTH] draws it
record RetrievalTask(String name, int tokens, int depthPercent) implements Task {

    static final int ANY_DEPTH = -1;

    private static final double CHARS_PER_TOKEN = 3.2;

    RetrievalTask(String name, int tokens) {
        this(name, tokens, ANY_DEPTH);
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        var keyFacts = new KeyFacts(draw, chinese);
        Fact asked = keyFacts.next();
        var others = new ArrayList<Fact>();
        var lines = lines(draw, chinese, keyFacts, asked, others);
        int depth = depthPercent == ANY_DEPTH ? draw.integer(0, 100) : depthPercent;
        lines.add(lines.size() * depth / 100, asked.line());
        return script.user(String.join("\n", lines) + "\n\n" + asked.question())
                .answer(Quote.find(script, script.slips(0, 1), chinese, asked, others), asked.value())
                .end(asked.subject() + "=" + asked.value());
    }

    private List<String> lines(Draw draw, boolean chinese, KeyFacts keyFacts, Fact asked, List<Fact> others) {
        var lines = new ArrayList<String>();
        double left = tokens - tokensOf(asked.line()) - tokensOf(asked.question());
        while (true) {
            String line;
            if (draw.integer(1, linesPerFact()) == 1 && !keyFacts.isUsedUp()) {
                Fact other = keyFacts.next();
                others.add(other);
                line = other.line();
            } else {
                line = Filler.sentence(draw, chinese);
            }
            left -= tokensOf(line);
            if (left < 0) {
                return lines;
            }
            lines.add(line);
        }
    }

    /// One line in this many is a fact of the kind asked for. Long texts hold a smaller share, but more of them.
    private int linesPerFact() {
        return tokens <= 512 ? 3 : tokens <= 1024 ? 4 : tokens <= 4096 ? 6 : 10;
    }

    /// A Chinese character is about a token, and so is a line end.
    static double tokensOf(String line) {
        long wide = line.chars().filter(c -> c > 0x2E7F).count();
        return wide + (line.length() - wide) / CHARS_PER_TOKEN + 1;
    }
}
