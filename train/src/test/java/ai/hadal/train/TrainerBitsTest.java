package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same recipe gives the same bits, with any number of threads, straight through or in pieces.
@Tag("slow")
class TrainerBitsTest {

    private static final int FIRST = 4;
    private static final int STEPS = 8;

    @TempDir
    private static Path folder;

    private static TinyRun tiny;
    private static Recipe recipe;

    @BeforeAll
    static void aRunOfTwoStages() {
        tiny = new TinyRun(folder);
        // More packs than there are gradient buffers, and a checkpoint in the middle of each stage.
        recipe = tiny.recipe("model", TinyRun.RATES, 3, 2, TinyRun.plain(FIRST, 3), TinyRun.full(STEPS - FIRST, 9));
        tiny.train("straight", recipe, 1);
    }

    private static void assertSame(String run) {
        assertThat(tiny.bits(run, STEPS)).isEqualTo(tiny.bits("straight", STEPS));
    }

    @Test
    void threadsChangeNothing() {
        tiny.train("two", recipe, 2);
        assertSame("two");
        tiny.train("three", recipe, 3);
        assertSame("three");
    }

    @Test
    void stopsChangeNothing() {
        // Inside a stage, at its end, at a step that is saved anyway, at once.
        for (int steps : new int[] {2, 2, 0, 2, 9}) {
            tiny.train("stopped", recipe, 2, steps, new TrainingListener() {});
        }
        assertSame("stopped");
    }

    @Test
    void killsChangeNothing() throws IOException {
        kill(1);
        assertThat(tiny.checkpoint("killed", 2)).doesNotExist();
        kill(4);
        leaveBehind(5);
        kill(FIRST);
        kill(6);
        leaveBehind(9);
        tiny.train("killed", recipe, 2);
        assertSame("killed");
        try (var left = Files.list(folder.resolve("runs", "killed", "checkpoints"))) {
            assertThat(left).containsExactlyInAnyOrder(tiny.checkpoint("killed", 6), tiny.checkpoint("killed", STEPS));
        }
    }

    private static void kill(int step) {
        assertThatThrownBy(() -> tiny.train("killed", recipe, 1, 99, TinyRun.killAfter(step)))
                .isInstanceOf(TinyRun.Killed.class);
    }

    /// What a kill in the middle of saving leaves.
    private static void leaveBehind(int step) throws IOException {
        Path target = tiny.checkpoint("killed", step);
        Path part = Files.createDirectories(target.resolveSibling("." + target.getFileName() + ".part"));
        Files.writeString(part.resolve("model.safetensors"), "half");
    }
}
