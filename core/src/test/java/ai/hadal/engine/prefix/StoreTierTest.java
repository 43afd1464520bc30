package ai.hadal.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.prefix.Hit.Strategy;
import ai.hadal.engine.prefix.Hit.Tier;
import ai.hadal.model.Numerics;
import ai.hadal.model.Replay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What memory lacks comes from the store; what the store damages is not believed.
class StoreTierTest {

    private static final long ROOM = 1L << 30;

    private static Texts texts;

    @BeforeAll
    static void open() {
        texts = Texts.tiny();
    }

    @AfterAll
    static void close() {
        texts.close();
    }

    private final MemoryStore store = new MemoryStore();

    private PrefixCache cache() {
        return new PrefixCache(texts.model, ROOM, store);
    }

    private static Hit answered(PrefixCache cache, int[] ids) {
        var hit = cache.find(ids);
        assertThat(texts.feed(hit.state(), ids, ids.length)).isEqualTo(texts.cold(ids));
        return hit;
    }

    private static void assertHit(Hit hit, Strategy strategy, Tier tier, int cached) {
        assertThat(hit.strategy()).isEqualTo(strategy);
        assertThat(hit.tier()).isEqualTo(tier);
        assertThat(hit.cached()).isEqualTo(cached);
    }

    @Test
    void anotherCacheGoesOnWithWhatOneLeft() {
        int[] ids = texts.text(400, 1);
        texts.keep(cache(), ids);
        var cache = cache();
        int[] more = Texts.joined(ids, 3, 4);
        assertHit(answered(cache, more), Strategy.SNAPSHOT, Tier.STORE, 400);
        assertThat(cache.stats().blocks()).isEqualTo(3);
        assertThat(cache.stats().snapshots()).isEqualTo(1);
        int reads = store.reads.get();
        assertThat(reads).isEqualTo(4);
        assertHit(answered(cache, more), Strategy.SNAPSHOT, Tier.MEMORY, 400);
        assertThat(store.reads.get()).isEqualTo(reads);
        assertThat(cache.stats().store()).isEqualTo(new PrefixStats.Hits(1, 0, 400));
        assertThat(cache.stats().memory()).isEqualTo(new PrefixStats.Hits(1, 0, 400));
    }

    @Test
    void blocksAloneAreReplayed() {
        int[] ids = texts.text(400, 2);
        texts.keep(cache(), ids);
        int[] other = Texts.joined(Arrays.copyOf(ids, 390), 3, 4, 5);
        int start = (int) Replay.start(texts.model.config(), 384);
        assertHit(answered(cache(), other), Strategy.REPLAY, Tier.STORE, start);
    }

    /// Memory knows some blocks, the store more of them.
    @Test
    void memoryAndStoreJoin() {
        int[] ids = texts.text(520, 3);
        texts.keep(cache(), ids);
        store.offer(new byte[] {1}, 0, () -> new byte[0]);
        var cache = new PrefixCache(texts.model, ROOM, store);
        int[] first = Texts.joined(Arrays.copyOf(ids, 256), 9);
        answered(cache, first);
        int reads = store.reads.get();
        assertHit(answered(cache, Texts.joined(ids, 1)), Strategy.SNAPSHOT, Tier.STORE, 520);
        assertThat(store.reads.get() - reads).isEqualTo(3);
    }

    /// No value is read that saves nothing.
    @Test
    void shortStartsAreLeftThere() {
        int[] ids = texts.text(140, 4);
        texts.keep(cache(), ids);
        var cache = cache();
        int[] other = Texts.joined(Arrays.copyOf(ids, 128), 3, 4, 5);
        // A snapshot at 140 is not on the way, and a replay of 128 tokens would begin at 23.
        assertHit(answered(cache, other), Strategy.REPLAY, Tier.STORE, 23);
        int reads = store.reads.get();
        assertHit(answered(cache, Arrays.copyOf(ids, 100)), Strategy.NONE, Tier.NONE, 0);
        assertThat(store.reads.get()).isEqualTo(reads);
    }

    @Test
    void whatMemoryDropsTheStoreHas() {
        var unkept = new MemoryStore();
        int[] ids = texts.text(256, 5);
        int[] others = texts.text(256, 6);
        var cache = new PrefixCache(texts.model, 200_000, unkept);
        texts.keep(cache, ids);
        int values = unkept.values.size();
        assertThat(values).isEqualTo(3);
        unkept.values.clear();
        for (int i = 0; cache.stats().evictedBlocks() < 2; i++) {
            others[0] = i;
            texts.keep(cache, others);
        }
        assertThat(cache.stats().bytes()).isLessThanOrEqualTo(200_000);
        assertHit(answered(cache, Texts.joined(ids, 1)), Strategy.SNAPSHOT, Tier.STORE, 256);
    }

    @Test
    void damagedValuesAreMisses() {
        int[] ids = texts.text(300, 7);
        texts.keep(cache(), ids);
        int[] more = Texts.joined(ids, 8);
        var keys = new ArrayList<>(store.values.keySet());
        var random = new Random(8);
        assertThat(keys).hasSize(3);
        for (var key : keys) {
            byte[] whole = store.values.get(key);
            for (int kind = 0; kind < 4; kind++) {
                store.values.put(key, damaged(whole, kind, random));
                var hit = answered(cache(), more);
                assertThat(hit.cached()).isLessThan(300);
            }
            store.values.put(key, whole);
        }
        assertThat(answered(cache(), more).cached()).isEqualTo(300);
    }

    private static byte[] damaged(byte[] whole, int kind, Random random) {
        byte[] bytes = whole.clone();
        return switch (kind) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> new byte[0];
            case 2 -> Arrays.copyOf(bytes, bytes.length + 5);
            default -> {
                bytes[random.nextInt(bytes.length)] ^= 4;
                yield bytes;
            }
        };
    }

    /// Whole values, with right checksums, of other tokens.
    @Test
    void valuesOfOtherTextsAreMisses() {
        int[] ids = texts.text(300, 9);
        int[] others = texts.text(300, 10);
        texts.keep(cache(), ids);
        var own = new ArrayList<>(store.values.entrySet());
        store.values.clear();
        texts.keep(cache(), others);
        var foreign = new ArrayList<>(store.values.values());
        store.values.clear();
        for (var entry : own) {
            for (byte[] value : foreign) {
                store.values.put(entry.getKey(), value);
                assertThat(answered(cache(), Texts.joined(ids, 1)).cached()).isZero();
            }
        }
    }

    /// The same store behind another model, or another profile, has nothing to say.
    @Test
    void keysNameTheModel() {
        int[] ids = texts.text(300, 11);
        texts.keep(cache(), ids);
        try (var other = Texts.tiny(Numerics.F32_QAT_OFF)) {
            var hit = new PrefixCache(other.model, ROOM, store).find(Texts.joined(ids, 1));
            assertThat(hit.strategy()).isEqualTo(Strategy.NONE);
        }
    }
}
