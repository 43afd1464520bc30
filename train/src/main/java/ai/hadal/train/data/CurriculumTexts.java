package ai.hadal.train.data;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.ChineseWords;
import ai.hadal.train.nano.ExamPlan;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The curriculum as texts, for a tokenizer to learn from: all tasks in turn, each in all modes, and Chinese taken
/// apart into words.
public final class CurriculumTexts {

    private CurriculumTexts() {}

    /// The first `episodes` conversations, as a model sees them but for Chinese.
    public static Stream<String> stream(long seed, long episodes) {
        // Long texts have no other words, and would outnumber those that have.
        return stream(ExamPlan.usualTasks(), EpisodeMaker.CURRICULUM, seed, episodes)
                .map(ChineseWords::apart);
    }

    static Stream<String> stream(List<String> tasks, EpisodeMaker maker, long seed, long episodes) {
        var modes = ThinkingMode.values();
        return LongStream.range(0, episodes).mapToObj(i -> {
            String task = tasks.get((int) (i % tasks.size()));
            var mode = modes[(int) (i / tasks.size() % modes.length)];
            return ChatDocuments.text(maker.make(task, mode, seed, i).messages(), mode);
        });
    }
}
