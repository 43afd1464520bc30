package ai.hadal.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.prefix.Hit.Strategy;
import ai.hadal.engine.prefix.Hit.Tier;
import ai.hadal.model.Numerics;
import ai.hadal.model.Replay;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The trained model of the repository, with windows of 128 tokens: all kinds of hits give its cold logits.
class NanoPrefixTest {

    private static final Path FOLDER = Path.of("..", "models", "nano");

    private static void assertHit(Texts texts, PrefixCache cache, int[] ids, Strategy strategy, Tier tier, int cached) {
        var hit = cache.find(ids);
        assertThat(hit.strategy()).isEqualTo(strategy);
        assertThat(hit.tier()).isEqualTo(tier);
        assertThat(hit.cached()).isEqualTo(cached);
        for (int end = cached; end < ids.length; ) {
            end = Math.min(ids.length, end + 200);
            float[] logits = texts.feed(hit.state(), ids, end);
            if (end == ids.length) {
                assertThat(logits).isEqualTo(texts.cold(ids));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f32", "int8"})
    void hits(String profile) {
        var numerics = profile.equals("f32") ? Numerics.F32 : Numerics.INT8;
        try (var texts = Texts.open(FOLDER, numerics)) {
            var store = new MemoryStore();
            var cache = new PrefixCache(texts.model, 1L << 30, store);
            assertThat(cache.interval()).isZero();
            int[] ids = texts.text(1000, 1);
            int[] early = Arrays.copyOf(ids, 300);
            var sequence = texts.sequence(early);
            cache.keep(early, sequence);
            texts.feed(sequence, ids, ids.length);
            cache.keep(ids, sequence);

            assertHit(texts, cache, Texts.joined(ids, 5, 6), Strategy.SNAPSHOT, Tier.MEMORY, 1000);
            assertHit(texts, cache, Texts.joined(early, 5), Strategy.SNAPSHOT, Tier.MEMORY, 300);
            assertHit(texts, cache, Texts.joined(Arrays.copyOf(ids, 700), 5), Strategy.SNAPSHOT, Tier.MEMORY, 300);
            // A window less one for each of five blocks: less than the snapshot saves.
            assertThat(Replay.start(texts.model.config(), 890)).isEqualTo(890 - 5 * 127);
            int[] parting = Texts.joined(Arrays.copyOf(ids, 890), texts.text(30, 2));
            assertHit(texts, cache, parting, Strategy.SNAPSHOT, Tier.MEMORY, 300);

            int[] later = Texts.joined(ids, texts.text(200, 3));
            texts.keep(cache, later);
            int[] branch = Texts.joined(Arrays.copyOf(later, 980), texts.text(30, 4));
            assertHit(texts, cache, branch, Strategy.REPLAY, Tier.MEMORY, 980 - 5 * 127);

            var restarted = new PrefixCache(texts.model, 1L << 30, store);
            assertHit(texts, restarted, Texts.joined(later, 1), Strategy.SNAPSHOT, Tier.STORE, 1200);
        }
    }
}
