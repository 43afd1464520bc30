package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// What an exam asks. Equal plans ask the same questions on every machine, and none that training may draw.
///
/// @param tasks names of tasks, all asked in every mode
/// @param questions how many of each task and mode, and of each length and depth
/// @param seed decides which
/// @param longestRetrieval tokens of the longest text of the retrieval table, which is asked in the first mode; 0
///     for no such table
public record ExamPlan(List<String> tasks, List<ThinkingMode> modes, int questions, long seed, int longestRetrieval) {

    /// @throws HadalException if a task is unknown or nothing is asked
    public ExamPlan {
        tasks = List.copyOf(new LinkedHashSet<>(tasks));
        modes = List.copyOf(new LinkedHashSet<>(modes));
        if (questions < 1) {
            throw new HadalException("the number of questions is " + questions + "; give 1 or more");
        }
        if (modes.isEmpty() || papers(tasks, modes, longestRetrieval).isEmpty()) {
            throw new HadalException("the exam asks nothing; name a mode and a task, or retrieval with room for texts"
                    + " of 256 tokens");
        }
    }

    /// The tasks to ask where none is named: all but retrieval, whose texts are long and have a table of their own.
    public static List<String> usualTasks() {
        var names = new ArrayList<String>();
        for (String name : Curriculum.names()) {
            if (!name.startsWith(Retrieval.PREFIX)) {
                names.add(name);
            }
        }
        return names;
    }

    /// The same plan without longer texts of the retrieval table than these.
    public ExamPlan withLongestRetrieval(int tokens) {
        return new ExamPlan(tasks, modes, questions, seed, Math.min(longestRetrieval, tokens));
    }

    List<Exam.Paper> papers() {
        return papers(tasks, modes, longestRetrieval);
    }

    private static List<Exam.Paper> papers(List<String> tasks, List<ThinkingMode> modes, int longestRetrieval) {
        var papers = new ArrayList<Exam.Paper>();
        for (String name : tasks) {
            var task = Curriculum.task(name);
            for (var mode : modes) {
                papers.add(new Exam.Paper(new ExamPart.Plain(name, mode), task));
            }
        }
        papers.addAll(Retrieval.papers(modes.getFirst(), longestRetrieval));
        return papers;
    }
}
