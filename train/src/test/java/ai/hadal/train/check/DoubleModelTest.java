package ai.hadal.train.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.backend.reference.ReferenceBackend;
import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.model.Chunk;
import ai.hadal.model.Model;
import ai.hadal.model.ModelWeightsLoader;
import ai.hadal.model.Numerics;
import ai.hadal.model.Step;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The definition in double precision is the engine's model.
class DoubleModelTest {

    private static final SmallModel SMALL = SmallModel.of(5, 0, 4, 128, 4);

    @Test
    void theEngineComputesTheSameLogits(@TempDir Path folder) {
        SMALL.write(folder);
        var definition = SMALL.widened();
        int[] ids = SMALL.document(1, 150);
        int[] next = SMALL.document(2, 150);
        try (var checkpoint = Checkpoint.open(folder);
                var model = new Model(
                        SMALL.config(),
                        ModelWeightsLoader.load(checkpoint, SMALL.config()),
                        new ReferenceBackend(),
                        Numerics.F32_QAT_OFF)) {
            var sequence = model.newSequence();
            var step = model.step(List.of(new Chunk(sequence, ids, Chunk.Logits.ALL)));
            double main = worst(step, definition.logits(ids));
            var draft = model.draft(model.newMtpState(0), step.streams(), next, Chunk.Logits.ALL);
            double mtp = worst(draft, definition.mtpLogits(ids, next));
            System.out.println("largest difference from the engine's logits: " + main + ", MTP " + mtp);
            assertThat(main).isLessThan(1e-4);
            assertThat(mtp).isLessThan(1e-4);
        }
    }

    /// The largest difference relative to the largest logit.
    private static double worst(Step step, double[] expected) {
        float[] row = new float[expected.length / step.rows()];
        double worst = 0;
        for (int r = 0; r < step.rows(); r++) {
            step.logits(r, row);
            for (int i = 0; i < row.length; i++) {
                worst = Math.max(worst, Math.abs(row[i] - expected[r * row.length + i]));
            }
        }
        return worst / Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"n5", "n36", "n129", "n300"})
    void theOfficialCodeComputesTheSameLogits(String prompt) {
        var golden = new GoldenCheckpoint();
        double worst = worst(golden.model().logits(golden.prompt(prompt)), golden.floats("off/logits/" + prompt));
        System.out.println("largest difference from the official logits, " + prompt + ": " + worst);
        assertThat(worst).isLessThan(1e-4);
    }

    @Test
    void theOfficialCodeComputesTheSameMtpLogits() {
        var golden = new GoldenCheckpoint();
        int[] ids = golden.prompt("n128");
        int[] next = Arrays.copyOfRange(ids, 1, ids.length + 1);
        next[ids.length - 1] = golden.mtpNextId();
        double[] logits = golden.model().mtpLogits(ids, next);
        int last64 = logits.length / 2;
        double worst =
                worst(Arrays.copyOfRange(logits, last64, logits.length), golden.floats("off/mtp_shifted_last64/n128"));
        System.out.println("largest difference from the official MTP logits: " + worst);
        assertThat(worst).isLessThan(1e-4);
    }

    private static double worst(double[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        return worst;
    }

    @Test
    void documentsDoNotSeeEachOther() {
        var model = SMALL.widened();
        int[] first = SMALL.document(3, 40);
        int[] second = SMALL.document(4, 30);
        boolean[] all = learnt(40);
        Losses both = model.forward(List.of(first, second), List.of(all, learnt(30)), new Decisions());
        Losses one = model.forward(List.of(first), List.of(all), new Decisions());
        Losses other = model.forward(List.of(second), List.of(learnt(30)), new Decisions());
        // 39 and 29 tokens have a predecessor, 38 and 28 two.
        assertThat(both.crossEntropy())
                .isCloseTo((39 * one.crossEntropy() + 29 * other.crossEntropy()) / 68, within(1e-12));
        assertThat(both.mtp()).isCloseTo((38 * one.mtp() + 28 * other.mtp()) / 66, within(1e-12));
        assertThat(both.balance()).isCloseTo((one.balance() + other.balance()) / 2, within(1e-12));
        // Rows from the eighth on have two candidates.
        assertThat(both.indexer()).isCloseTo((33 * one.indexer() + 23 * other.indexer()) / 56, within(1e-12));
    }

    @Test
    void onlyLearntTokensCount() {
        var model = SMALL.widened();
        int[] ids = SMALL.document(3, 12);
        boolean[] learnt = new boolean[12];
        learnt[5] = true;
        Losses losses = model.forward(List.of(ids), List.of(learnt), new Decisions());
        int v = SMALL.config().vocabSize();
        double[] logits = model.logits(ids);
        double[] mtp = model.mtpLogits(ids, Arrays.copyOfRange(ids, 1, 12));
        assertThat(losses.crossEntropy()).isEqualTo(DoubleLosses.crossEntropy(logits, 4, v, ids[5]));
        assertThat(losses.mtp()).isCloseTo(DoubleLosses.crossEntropy(mtp, 3, v, ids[5]), within(1e-12));
    }

    private static boolean[] learnt(int n) {
        boolean[] learnt = new boolean[n];
        Arrays.fill(learnt, true);
        return learnt;
    }
}
