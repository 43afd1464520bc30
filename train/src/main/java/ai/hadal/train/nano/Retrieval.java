package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.ArrayList;
import java.util.List;

/// Retrieval by length of the text and depth of what is asked for.
final class Retrieval {

    /// What the names of its tasks begin with; the length follows.
    static final String PREFIX = "retrieval-";

    private static final List<Integer> LENGTHS = List.of(256, 512, 1024, 2048, 4096, 8192, 16_384);
    private static final List<Integer> DEPTHS = List.of(0, 25, 50, 75, 100);

    private Retrieval() {}

    /// Makes the task of one cell.
    interface Tasks {

        /// @param name the curriculum's name for this length, so that the same questions are held out
        Task of(String name, int tokens, int depthPercent);
    }

    /// The papers of the table, none where the curriculum has no retrieval.
    static List<Exam.Paper> papers(ThinkingMode mode, int longest) {
        return List.of();
    }

    /// One paper for each length up to the longest, and depth.
    static List<Exam.Paper> papers(Tasks tasks, ThinkingMode mode, int longest) {
        var papers = new ArrayList<Exam.Paper>();
        for (int tokens : LENGTHS) {
            if (tokens > longest) {
                break;
            }
            String name = PREFIX + label(tokens);
            for (int depth : DEPTHS) {
                papers.add(new Exam.Paper(
                        new ExamPart.Retrieval(name, mode, tokens, depth), tasks.of(name, tokens, depth)));
            }
        }
        return papers;
    }

    /// `256`, `4k`.
    static String label(int tokens) {
        return tokens % 1024 == 0 ? tokens / 1024 + "k" : String.valueOf(tokens);
    }
}
