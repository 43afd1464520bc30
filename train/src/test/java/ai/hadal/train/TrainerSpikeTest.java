package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A loss that jumps or is no number: the run goes back to its last checkpoint and leaves out what made it jump, or
/// says what to do.
@Tag("slow")
class TrainerSpikeTest {

    private static final String RATES =
            "{peak: %s, token_rate: 1, vector_rate: 1, weight_decay: 0.1, warmup: 5, decay_from: %d, last: %s}";

    /// One conversation fills a pack.
    private static final int PACK = 24;

    /// The line that comes fourth in its stage.
    private static final int ODD_ONE = 13;

    @TempDir
    private Path folder;

    private TinyRun tiny;

    /// What a run tells.
    private static final class Seen implements TrainingListener {
        final List<Step> steps = new ArrayList<>();
        final List<String> returns = new ArrayList<>();

        @Override
        public void stepped(Step step) {
            steps.add(step);
        }

        @Override
        public void rolledBack(long step, long backTo, String reason) {
            returns.add(step + " to " + backTo + ": " + reason);
        }
    }

    @BeforeEach
    void data() {
        tiny = new TinyRun(folder);
        List<String> calm = Collections.nCopies(16, TinyRun.chat("What is 1 plus 1?", "It is 2."));
        tiny.write("calm.jsonl", calm);
        List<String> mixed = new ArrayList<>(calm);
        mixed.set(ODD_ONE, TinyRun.chat("What is 1 plus 1?", "zq@@ #xw"));
        tiny.write("mixed.jsonl", mixed);
    }

    private static String stage(String file, int steps) {
        return TinyRun.stage(
                file,
                steps,
                1,
                PACK,
                "attention: dense, indexer: 0, learn: all, weights: full",
                "[{weight: 1, chats: " + file + ".jsonl}]");
    }

    @Test
    void whatMadeTheLossJumpIsLeftOut() {
        var recipe = tiny.recipe("model", RATES.formatted(0.02, 20, 0.1), 7, 2, stage("calm", 12), stage("mixed", 8));
        var seen = new Seen();
        assertThat(tiny.train("run", recipe, 1, 99, seen)).isPresent();

        assertThat(seen.returns).singleElement().asString().matches("15 to 14: loss 1?\\d\\.\\d* after 0\\..*");
        var mixed = seen.steps.stream().filter(s -> s.stage().equals("mixed")).toList();
        assertThat(mixed).last().extracting(TrainingListener.Step::step).isEqualTo(19L);
        assertThat(mixed).allMatch(s -> s.stepTokens() == mixed.getFirst().stepTokens() && s.loss() < 2);

        // Killed where it went back, it meets the same packs again.
        var kill = new TrainingListener() {
            @Override
            public void rolledBack(long step, long backTo, String reason) {
                throw new TinyRun.Killed();
            }
        };
        assertThatThrownBy(() -> tiny.train("killed", recipe, 2, 99, kill)).isInstanceOf(TinyRun.Killed.class);
        tiny.train("killed", recipe, 2);
        assertThat(tiny.bits("killed", 20)).isEqualTo(tiny.bits("run", 20));
    }

    /// The loss of other data is compared with nothing.
    @Test
    void aNewStageIsNoJump() {
        tiny.write("other.jsonl", List.of(TinyRun.chat("What is 1 plus 1?", "zq@@ #xw")));
        var recipe = tiny.recipe("model", RATES.formatted(0.02, 16, 0.1), 50, 2, stage("calm", 12), stage("other", 4));
        var seen = new Seen();
        tiny.train("run", recipe, 1, 99, seen);
        assertThat(seen.returns).isEmpty();
        assertThat(seen.steps.get(12).loss()).isGreaterThan(seen.steps.get(11).loss() + 2);
    }

    /// The rate rises beyond all measure after the first checkpoint.
    @Test
    void aRunThatCannotGoOnSaysSo() {
        var recipe = tiny.recipe("model", RATES.formatted(0.02, 5, "1e5"), 5, 2, stage("calm", 12));
        var seen = new Seen();
        assertThatThrownBy(() -> tiny.train("run", recipe, 1, 99, seen))
                .isInstanceOf(HadalException.class)
                .hasMessageContainingAll(
                        "the loss is",
                        "after 5 returns",
                        folder.resolve("runs", "run").toString(),
                        "delete that checkpoint")
                .hasMessageEndingWith("lower optimizer.peak in " + recipe.file());
        assertThat(seen.returns).hasSize(5).allMatch(text -> text.contains(" to 5: loss "));
        assertThat(tiny.checkpoint("run", 5)).exists();
        assertThat(tiny.checkpoint("run", 10)).doesNotExist();
    }

    @Test
    void aRunThatJumpsBeforeItsFirstCheckpointSaysSo() {
        var recipe = tiny.recipe("model", RATES.formatted("1e5", 12, 0.1), 5, 2, stage("calm", 12));
        assertThatThrownBy(() -> tiny.train("run", recipe, 1))
                .isInstanceOf(HadalException.class)
                .hasMessageMatching("the loss is .* at step [1-4] before the first checkpoint; "
                        + "lower optimizer.peak or raise optimizer.warmup in .*model.yaml");
    }
}
