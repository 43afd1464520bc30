package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;

/// Finding one fact among others of its kind in a long text.
///
/// @param tokens rough length of the text
/// @param depthPercent where the fact stands, 0 for the start of the text and 100 for its end; [#ANY_DEPTH] draws it
record RetrievalTask(String name, int tokens, int depthPercent) implements Task {

    static final int ANY_DEPTH = -1;

    RetrievalTask(String name, int tokens) {
        this(name, tokens, ANY_DEPTH);
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        var keyFacts = new KeyFacts(draw, chinese);
        Fact asked = keyFacts.next();
        double left = tokens - Haystack.tokensOf(asked.line()) - Haystack.tokensOf(asked.question());
        var text = Haystack.of(draw, chinese, keyFacts, left, linesPerFact());
        var lines = text.lines();
        int depth = depthPercent == ANY_DEPTH ? draw.integer(0, 100) : depthPercent;
        lines.add(lines.size() * depth / 100, asked.line());
        return script.user(RecallTask.list(lines) + "\n\n" + asked.question())
                .answer(Quote.find(script, script.slips(0, 1), chinese, asked, text.facts()), asked.line())
                .end(asked.subject() + "=" + asked.value());
    }

    /// One line in this many is a fact of the kind asked for. Long texts hold a smaller share, but more of them.
    private int linesPerFact() {
        return tokens <= 512 ? 3 : tokens <= 1024 ? 4 : tokens <= 4096 ? 6 : 10;
    }
}
