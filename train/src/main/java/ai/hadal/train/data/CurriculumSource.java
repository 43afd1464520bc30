package ai.hadal.train.data;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import ai.hadal.tokenizer.Tokenizer;
import ai.hadal.train.nano.Curriculum;
import ai.hadal.train.nano.Draw;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Questions of the built-in model's curriculum with their worked answers; never those of its exam.
public final class CurriculumSource implements DataSource {

    /// How often each mode is drawn where a recipe does not say it, in percent.
    public static final Map<ThinkingMode, Double> MODES =
            Map.of(ThinkingMode.NON_THINK, 25.0, ThinkingMode.HIGH, 40.0, ThinkingMode.MAX, 35.0);

    /// Keeps the choice of task and mode apart from the draws of the question.
    private static final long CHOICES = 0x5851F42D4C957F2DL;

    private final ChatDocuments documents;
    private final EpisodeMaker maker;
    private final long seed;
    private final Weighted<String> tasks;
    private final Weighted<ThinkingMode> modes;

    /// @param tasks weight of each task by name
    /// @param modes weight of each mode
    /// @throws HadalException if there is no such task, or a weight is not a share
    public CurriculumSource(
            Tokenizer tokenizer, long seed, Map<String, Double> tasks, Map<ThinkingMode, Double> modes) {
        this(tokenizer, seed, known(tasks), modes, EpisodeMaker.CURRICULUM);
    }

    CurriculumSource(
            Tokenizer tokenizer,
            long seed,
            Map<String, Double> tasks,
            Map<ThinkingMode, Double> modes,
            EpisodeMaker maker) {
        this.documents = new ChatDocuments(tokenizer);
        this.maker = maker;
        this.seed = seed;
        // A map's own order may differ from run to run.
        this.tasks = new Weighted<>("task", new TreeMap<>(tasks));
        this.modes = new Weighted<>("mode", new EnumMap<>(modes));
    }

    private static Map<String, Double> known(Map<String, Double> tasks) {
        var names = new ArrayList<String>();
        Curriculum.names().forEach(names::add);
        for (String task : new TreeMap<>(tasks).keySet()) {
            if (!names.contains(task)) {
                throw new HadalException("there is no task '" + task + "'; the tasks are " + String.join(", ", names));
            }
        }
        return tasks;
    }

    @Override
    public List<Document> documents(long index, int mostTokens) {
        var draw = Draw.of(seed ^ CHOICES, index);
        var episode = maker.make(tasks.pick(draw), modes.pick(draw), seed, index);
        return ChatDocuments.fitting(documents.encode(episode.messages(), episode.mode()), mostTokens);
    }
}
