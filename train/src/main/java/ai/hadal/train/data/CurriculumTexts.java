package ai.hadal.train.data;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Curriculum;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The curriculum as texts, for a tokenizer to learn from: all tasks in turn, each in all modes.
public final class CurriculumTexts {

    private CurriculumTexts() {}

    /// The first `episodes` conversations as a model sees them.
    public static Stream<String> stream(long seed, long episodes) {
        var tasks = new ArrayList<String>();
        Curriculum.names().forEach(tasks::add);
        return stream(tasks, EpisodeMaker.CURRICULUM, seed, episodes);
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
