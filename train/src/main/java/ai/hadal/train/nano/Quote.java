package ai.hadal.train.nano;

import java.util.List;

/// Reasoning that finds a line of a text and checks it against the question.
final class Quote {

    private Quote() {}

    /// @param others lines that could be taken for the one asked for
    static Thought find(Script script, boolean slips, boolean chinese, Fact asked, List<Fact> others) {
        var max = new StringBuilder();
        if (slips && !others.isEmpty()) {
            Fact wrong = script.aside().of(others);
            max.append(Script.mistake(space(chinese) + wrong.line()))
                    .append(space(chinese))
                    .append(compare(chinese, wrong.subject(), asked.subject()))
                    .append(chinese ? "不一样，再找。" : "They differ, so I look again.");
        }
        max.append(space(chinese))
                .append(asked.line())
                .append(space(chinese))
                .append(compare(chinese, asked.subject(), asked.subject()))
                .append(chinese ? "一样。没有别的" : "They are the same. No other line says ")
                .append(asked.subject())
                .append(chinese ? "了。答案是" : ". The answer is ")
                .append(asked.value())
                .append(chinese ? "。" : ".");
        String looked = chinese ? "找" + asked.subject() + "：" : "I look for " + asked.subject() + ":";
        return new Thought(looked + space(chinese) + asked.line(), looked + max);
    }

    private static String compare(boolean chinese, String line, String question) {
        return chinese
                ? "这里说的是" + line + "，问的是" + question + "，"
                : "The line says " + line + ". The question says " + question + ". ";
    }

    private static String space(boolean chinese) {
        return chinese ? "" : " ";
    }
}
