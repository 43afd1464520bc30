package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;

/// Many facts of one long text, a turn for each: as many answers as can be learnt from reading it once.
///
/// @param tokens rough length of the text
/// @param questions how many facts are asked for
record RetrievalManyTask(String name, int tokens, int questions) implements Task {

    private static final int LINES_PER_FACT = 2;

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        var text = Haystack.of(draw, chinese, new KeyFacts(draw, chinese), tokens, LINES_PER_FACT);
        var asked = draw.some(text.facts(), Math.min(questions, text.facts().size()));
        return RecallManyTask.ask(script, RecallTask.list(text.lines()) + "\n\n", text.facts(), asked, chinese);
    }
}
