package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// All tasks of the built-in model by name, and which of their questions are held out.
///
/// A question is held out if the checksum of task and key is a multiple of 16, so wording, mode and order never carry a
/// held-out question into training.
public final class Curriculum {

    private static final int HELD_OUT_SHARE = 16;
    private static final int MOST_DRAWS = 10_000;
    private static final Map<String, Task> TASKS = tasks();

    private Curriculum() {}

    private static Map<String, Task> tasks() {
        Map<String, Task> tasks = new LinkedHashMap<>();
        Stream.concat(ReasoningTasks.all().stream(), LanguageTasks.all().stream()).forEach(task -> {
            if (tasks.put(task.name(), task) != null) {
                throw new IllegalStateException("two tasks are called " + task.name());
            }
        });
        return tasks;
    }

    /// Names of all tasks, in a fixed order.
    public static Iterable<String> names() {
        return TASKS.keySet();
    }

    /// The `index`-th question of a task in a mode. Equal arguments give equal episodes on every machine.
    ///
    /// @param heldOut whether the question is one that training never draws, or one that it may draw
    /// @throws HadalException if there is no such task
    public static Episode episode(String task, ThinkingMode mode, boolean heldOut, long seed, long index) {
        Task known = TASKS.get(task);
        if (known == null) {
            throw new HadalException("there is no task '" + task + "'; the tasks are " + String.join(", ", names()));
        }
        return episode(known, mode, heldOut, seed, index);
    }

    static Episode episode(Task task, ThinkingMode mode, boolean heldOut, long seed, long index) {
        var draw = Draw.of(seed, index);
        for (int i = 0; i < MOST_DRAWS; i++) {
            var episode = task.make(draw, mode);
            if (isHeldOut(task, episode) == heldOut) {
                return episode;
            }
        }
        throw new IllegalStateException(task.name() + " draws only questions that are "
                + (heldOut ? "not " : "") + "held out; its keys need more values");
    }

    private static boolean isHeldOut(Task task, Episode episode) {
        var crc = new CRC32();
        crc.update((task.name() + '\n' + episode.key()).getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % HELD_OUT_SHARE == 0;
    }
}
