package ai.hadal.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.SequenceState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random trees of conversations, which branch, are edited and go on, through caches of all sizes: every
/// answer is the cold one.
class PrefixTreesTest {

    private static final int LONGEST = 640;

    private static Texts texts;

    @BeforeAll
    static void open() {
        texts = Texts.tiny();
    }

    @AfterAll
    static void close() {
        texts.close();
    }

    /// Budgets of nothing, of a block or so, of a few texts, and of all; each without a store and with one.
    @ParameterizedTest
    @CsvSource({
        "0,false,1",
        "0,true,2",
        "40000,false,3",
        "150000,false,4",
        "150000,true,5",
        "600000,false,6",
        "600000,true,7",
        "100000000,false,8",
        "100000000,true,9"
    })
    void everyAnswerIsTheColdOne(long budget, boolean stored, long seed) {
        var run = new Run(budget, stored ? new MemoryStore() : null, new Random(seed));
        for (int turn = 0; turn < 30; turn++) {
            run.turn();
        }
        var stats = run.cache.stats();
        assertThat(stats.memory().snapshots()
                        + stats.memory().replays()
                        + stats.store().snapshots()
                        + stats.store().replays()
                        + stats.misses())
                .isEqualTo(run.lookups);
        if (budget >= 600_000 || stored) {
            assertThat(stats.memory().tokens() + stats.store().tokens()).isPositive();
        }
        if (budget == 0) {
            assertThat(stats.blocks() + stats.snapshots()).isZero();
        }
    }

    private static final class Run {

        private final long budget;
        private final @Nullable MemoryStore store;
        private final Random random;
        private final List<int[]> conversations = new ArrayList<>();
        private PrefixCache cache;
        private long lookups;

        Run(long budget, @Nullable MemoryStore store, Random random) {
            this.budget = budget;
            this.store = store;
            this.random = random;
            this.cache = new PrefixCache(texts.model, budget, store);
            conversations.add(texts.text(100 + random.nextInt(200), random.nextLong()));
        }

        void turn() {
            if (store != null && random.nextInt(15) == 0) {
                cache = new PrefixCache(texts.model, budget, store);
                lookups = 0;
            }
            int[] ids = prompt();
            var hit = cache.find(ids);
            lookups++;
            assertWithinBudget();
            prefill(hit.state(), ids);
            reply(hit.state(), ids);
        }

        private int[] prompt() {
            int[] old = conversations.get(random.nextInt(conversations.size()));
            int kept = random.nextInt(3) == 0 ? random.nextInt(old.length) : old.length;
            int[] begun = Arrays.copyOf(old, Math.min(kept, LONGEST));
            return Texts.joined(begun, texts.text(1 + random.nextInt(90), random.nextLong()));
        }

        private void prefill(SequenceState state, int[] ids) {
            int[] messages = random.ints(2, 1, ids.length + 1).toArray();
            float[] logits = {};
            while (state.length() < ids.length) {
                int end = cache.nextBoundary((int) state.length(), messages, ids.length);
                int piece = Math.min(end, (int) state.length() + 1 + random.nextInt(100));
                logits = texts.feed(state, ids, piece);
                if (piece == end) {
                    cache.keep(Arrays.copyOf(ids, end), state);
                    assertWithinBudget();
                }
            }
            assertThat(logits).isEqualTo(texts.cold(ids));
        }

        /// Goes on token by token, and may be cut off before anything is kept.
        private void reply(SequenceState state, int[] ids) {
            int[] more = Texts.joined(ids, texts.text(1 + random.nextInt(6), random.nextLong()));
            float[] logits = {};
            while (state.length() < more.length) {
                logits = texts.feed(state, more, (int) state.length() + 1);
            }
            assertThat(logits).isEqualTo(texts.cold(more));
            if (random.nextInt(5) > 0) {
                cache.keep(more, state);
                assertWithinBudget();
            }
            conversations.add(more);
        }

        private void assertWithinBudget() {
            assertThat(cache.stats().bytes()).isBetween(0L, budget);
        }
    }
}
