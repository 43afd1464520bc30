package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;

/// The course of a story in one language, with slots such as `$A` for words to be filled in.
///
/// A line is a sentence, followed by the questions it answers: `sentence | question | answer | question | answer`.
/// Sentences that begin with `~` may be left out.
record Plot(List<String> lines) {

    /// A question of a story.
    ///
    /// @param sentence index of the sentence that answers it
    record Question(int sentence, String ask, String answer) {}

    /// A story with its questions.
    record Told(List<String> sentences, List<Question> questions) {}

    static List<Plot> list(String text) {
        var plots = new ArrayList<Plot>();
        for (String plot : text.strip().split("\n\n", -1)) {
            plots.add(new Plot(List.of(plot.split("\n", -1))));
        }
        return List.copyOf(plots);
    }

    /// Fills the slots, `$` and one letter each.
    ///
    /// @param fillers a word for every slot
    Told tell(Draw draw, Slots fillers) {
        var sentences = new ArrayList<String>();
        var questions = new ArrayList<Question>();
        for (String line : lines) {
            boolean optional = line.startsWith("~");
            if (optional && draw.chance(40)) {
                continue;
            }
            var parts = fillers.fill(optional ? line.substring(1) : line).split(" \\| ", -1);
            for (int i = 1; i + 1 < parts.length; i += 2) {
                questions.add(new Question(sentences.size(), parts[i], parts[i + 1]));
            }
            sentences.add(parts[0]);
        }
        return new Told(sentences, questions);
    }
}
