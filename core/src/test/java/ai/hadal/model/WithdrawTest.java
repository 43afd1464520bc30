package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Drafts that are taken back leave no trace in a sequence.
class WithdrawTest {

    private static GoldenModel golden;

    private final int[] ids =
            new Random(1).ints(320, 0, golden.model.config().vocabSize()).toArray();

    @BeforeAll
    static void open() {
        golden = GoldenModel.open("flash-tiny", "cpu", 2, Numerics.F32).orElseThrow();
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    private static byte[] bytes(SequenceState sequence) throws IOException {
        var bytes = new ByteArrayOutputStream();
        SequenceCodec.write(sequence, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private SequenceState fed(int length) {
        var sequence = golden.model.newSequence();
        golden.logits(sequence, Arrays.copyOf(ids, length));
        return sequence;
    }

    /// Tokens from `from` on, the last `drafts` of which are others than the text's.
    private int[] withDrafts(int from, int count, int drafts) {
        int[] step = Arrays.copyOfRange(ids, from, from + count);
        for (int i = count - drafts; i < count; i++) {
            step[i] = (step[i] + 1) % golden.model.config().vocabSize();
        }
        return step;
    }

    @Test
    void theSequenceIsAsThoughTheyHadNeverBeenThere() throws IOException {
        int window = golden.model.config().slidingWindow();
        // Around the ends of blocks of both ratios, and of the window.
        for (int length : new int[] {1, 3, window, 2 * window + 1, 100, 126, 127, 128, 255}) {
            for (int drafts : new int[] {1, 2, 5, SequenceState.MOST_DRAFTS}) {
                for (int right : new int[] {0, 1, drafts / 2, drafts}) {
                    var sequence = fed(length);
                    golden.logits(sequence, withDrafts(length, 1 + drafts, drafts - right));
                    sequence.withdraw(length + 1 + right);
                    var plain = fed(length);
                    for (int i = 0; i <= right; i++) {
                        golden.logits(plain, new int[] {ids[length + i]});
                    }
                    assertThat(bytes(sequence)).isEqualTo(bytes(plain));
                    assertThat(sequence.rollbackFloor()).isEqualTo(plain.rollbackFloor());
                    continuesAlike(sequence, plain);
                }
            }
        }
    }

    /// From the floor as well, which is the oldest that a ring still has to hold.
    private void continuesAlike(SequenceState sequence, SequenceState plain) {
        int[] more = Arrays.copyOfRange(ids, 200, 209);
        long floor = plain.rollbackFloor();
        assertThat(golden.logits(sequence, more)).isDeepEqualTo(golden.logits(plain, more));
        sequence.withdraw(sequence.length() - more.length);
        plain.withdraw(plain.length() - more.length);
        sequence.rollback(floor);
        plain.rollback(floor);
        assertThat(golden.logits(sequence, more)).isDeepEqualTo(golden.logits(plain, more));
    }

    @Test
    void stepAfterStep() throws IOException {
        var random = new Random(2);
        var sequence = fed(20);
        var plain = fed(20);
        while (sequence.length() < 300) {
            int length = (int) sequence.length();
            int drafts = random.nextInt(SequenceState.MOST_DRAFTS + 1);
            int wrong = random.nextInt(drafts + 1);
            golden.logits(sequence, withDrafts(length, 1 + drafts, wrong));
            sequence.withdraw(length + 1 + drafts - wrong);
            golden.logits(plain, Arrays.copyOfRange(ids, length, length + 1 + drafts - wrong));
        }
        assertThat(bytes(sequence)).isEqualTo(bytes(plain));
        continuesAlike(sequence, plain);
    }

    @Test
    void onlyDraftsOfTheLastStepAreTakenBack() {
        var sequence = fed(30);
        golden.logits(sequence, Arrays.copyOf(ids, 20));
        assertThatThrownBy(() -> sequence.withdraw(33)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sequence.withdraw(51)).isInstanceOf(IllegalArgumentException.class);
        sequence.withdraw(34);
        golden.logits(sequence, new int[] {5});
        assertThatThrownBy(() -> sequence.withdraw(33)).hasMessageContaining("a step from 34 to 35");
        assertThatThrownBy(() -> sequence.fork().withdraw(34)).isInstanceOf(IllegalArgumentException.class);
        sequence.rollback(34);
        assertThatThrownBy(() -> sequence.withdraw(33)).isInstanceOf(IllegalArgumentException.class);
    }
}
