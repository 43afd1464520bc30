package ai.hadal.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Threads that find and keep at once, in little memory and through a store. Only steps of the model take
/// turns.
class ConcurrencyTest {

    private static final int THREADS = 4;
    private static final int TURNS = 25;

    @Test
    void threadsShareACache() throws Exception {
        try (var texts = Texts.tiny();
                var threads = Executors.newFixedThreadPool(THREADS)) {
            var cache = new PrefixCache(texts.model, 500_000, new MemoryStore());
            int[] common = texts.text(260, 1);
            List<int[]> prompts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                prompts.add(Texts.joined(Arrays.copyOf(common, 100 + 20 * i), texts.text(60, 2 + i)));
            }
            prompts.forEach(texts::cold);
            var tasks = new ArrayList<Callable<Long>>();
            for (int t = 0; t < THREADS; t++) {
                var random = new Random(t);
                tasks.add(() -> turns(texts, cache, prompts, random));
            }
            long saved = 0;
            for (var task : threads.invokeAll(tasks)) {
                saved += task.get();
            }
            var stats = cache.stats();
            assertThat(stats.memory().tokens() + stats.store().tokens())
                    .isEqualTo(saved)
                    .isPositive();
            assertThat(stats.bytes()).isLessThanOrEqualTo(500_000);
        }
    }

    private static long turns(Texts texts, PrefixCache cache, List<int[]> prompts, Random random) {
        long saved = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            int[] ids = prompts.get(random.nextInt(prompts.size()));
            var hit = cache.find(ids);
            saved += hit.cached();
            float[] logits;
            synchronized (texts) {
                logits = texts.feed(hit.state(), ids, ids.length);
                assertThat(logits).isEqualTo(texts.cold(ids));
            }
            cache.keep(ids, hit.state());
        }
        return saved;
    }
}
