package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;

/// A fixed answer and several ways to ask for it, in one language.
///
/// @param topic what the questions are about, as reasoning names it
record Answer(String topic, List<String> questions, String text) {

    private static final int LINES = 5;
    private static final int LINES_ENGLISH = 3;

    /// Answers in English or Chinese from sheets that name both: a line `topic; topic in Chinese`, the questions,
    /// the answer, the questions in Chinese and that answer, and an empty line between two facts. Facts of three
    /// lines are taught in English only.
    static List<Answer> parse(String sheet, boolean chinese) {
        var answers = new ArrayList<Answer>();
        for (String fact : sheet.strip().split("\n\n", -1)) {
            var lines = List.of(fact.split("\n", -1));
            if (lines.size() == LINES_ENGLISH && chinese) {
                continue;
            }
            if (lines.size() != LINES && lines.size() != LINES_ENGLISH) {
                throw new IllegalArgumentException("a fact needs three or five lines: " + fact);
            }
            int first = chinese ? 3 : 1;
            answers.add(new Answer(
                    lines.get(0).split("; ", -1)[chinese ? 1 : 0],
                    List.of(lines.get(first).split(" \\| ", -1)),
                    lines.get(first + 1)));
        }
        return List.copyOf(answers);
    }
}
