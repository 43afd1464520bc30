package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.Numerics;
import ai.hadal.model.SequenceSize;
import ai.hadal.testing.Goldens;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A long text needs no memory but the stated growth of its compressed entries.
@Tag("slow")
class LongTextTest {

    private static final int TOKENS = 20_480;

    /// What the heap may differ by between two measurements for other reasons.
    private static final long NOISE = 2 << 20;

    @Test
    void twentyThousandTokens() {
        var options = EngineOptions.defaults().withContextLength(TOKENS);
        try (var engine = Engine.open(Goldens.resource("flash-tiny"), options)) {
            int[] ids =
                    new Random(7).ints(TOKENS, 0, engine.config().vocabSize()).toArray();
            var session = engine.newSession();
            int half = TOKENS / 2;
            feed(session, ids, 0, half);
            long before = usedAfterCollection();
            feed(session, ids, half, TOKENS);
            long growth = usedAfterCollection() - before;

            assertThat(session.length()).isEqualTo(TOKENS);
            double stated = SequenceSize.bytesPerToken(engine.config(), Numerics.F32) * half;
            assertThat((double) growth).isLessThan(stated + 4.0 * half + NOISE);
            assertThat((double) session.entryBytes()).isCloseTo(2 * stated, Percentage.withPercentage(5));
            session.rollback(TOKENS - 1);
            assertThat(session.logits(new int[] {ids[TOKENS - 1]})[0]).doesNotContain(Float.NaN);
        }
    }

    private static void feed(Session session, int[] ids, int from, int end) {
        for (int at = from; at < end; at += 256) {
            session.step(Arrays.copyOfRange(ids, at, at + 256), Logits.NONE);
        }
    }

    private static long usedAfterCollection() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
