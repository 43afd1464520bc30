package ai.hadal.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.engine.prefix.Hit.Strategy;
import ai.hadal.engine.prefix.Hit.Tier;
import ai.hadal.model.Chunk;
import ai.hadal.model.Replay;
import ai.hadal.model.SequenceSize;
import ai.hadal.model.SequenceState;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A text that begins like an earlier one continues from there with the logits of a cold run.
class PrefixCacheTest {

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

    private static PrefixCache cache() {
        return new PrefixCache(texts.model, ROOM, null);
    }

    /// Finds a text's start and processes the rest.
    private static Hit answered(PrefixCache cache, int[] ids) {
        var hit = cache.find(ids);
        assertThat(hit.state().length()).isEqualTo(hit.cached()).isLessThan(ids.length);
        assertThat(texts.feed(hit.state(), ids, ids.length)).isEqualTo(texts.cold(ids));
        return hit;
    }

    private static void assertHit(Hit hit, Strategy strategy, int cached, int known) {
        assertThat(hit.strategy()).isEqualTo(strategy);
        assertThat(hit.tier()).isEqualTo(strategy == Strategy.NONE ? Tier.NONE : Tier.MEMORY);
        assertThat(hit.cached()).isEqualTo(cached);
        assertThat(hit.known()).isEqualTo(known);
    }

    private static int replay(int known) {
        return (int) Replay.start(texts.model.config(), known);
    }

    @Test
    void nothingIsKnownAtFirst() {
        var cache = cache();
        assertHit(answered(cache, texts.text(200, 1)), Strategy.NONE, 0, 0);
        assertThat(cache.find(new int[0]).cached()).isZero();
        assertThat(cache.stats().misses()).isEqualTo(2);
    }

    @Test
    void aTextThatGoesOnContinuesAtItsEnd() {
        for (int length : new int[] {1, 5, 127, 128, 129, 200, 256, 300}) {
            var cache = cache();
            int[] ids = texts.text(length, 2);
            texts.keep(cache, ids);
            assertHit(answered(cache, Texts.joined(ids, 7, 8, 9)), Strategy.SNAPSHOT, length, length);
            assertThat(cache.stats().memory()).isEqualTo(new PrefixStats.Hits(1, 0, length));
        }
    }

    /// The same text again: its last token is left, and only entries are known before it.
    @Test
    void aTokenIsAlwaysLeft() {
        var cache = cache();
        int[] ids = texts.text(400, 3);
        texts.keep(cache, ids);
        assertHit(answered(cache, ids), Strategy.REPLAY, replay(399 / 128 * 128), 384);
        cache.keep(Arrays.copyOf(ids, 399), texts.sequence(Arrays.copyOf(ids, 399)));
        assertHit(answered(cache, ids), Strategy.SNAPSHOT, 399, 399);
    }

    /// Within a block that another text fills, the entries before the place where they part are known.
    @Test
    void aTextThatPartsReplays() {
        var cache = cache();
        int[] ids = texts.text(512, 4);
        texts.keep(cache, ids);
        for (int parts : new int[] {130, 256, 300, 383, 500}) {
            int[] other = Texts.joined(Arrays.copyOf(ids, parts), texts.text(60, 5));
            other[parts] = (ids[parts] + 1) % texts.model.config().vocabSize();
            int start = replay(parts);
            assertHit(
                    answered(cache, other),
                    start == 0 ? Strategy.NONE : Strategy.REPLAY,
                    start,
                    start == 0 ? 0 : parts);
        }
    }

    /// Of a snapshot and a replay the one that leaves fewer tokens.
    @Test
    void theLongerStartWins() {
        var cache = cache();
        int[] ids = texts.text(512, 6);
        texts.keep(cache, ids);
        int known = 384;
        int between = replay(known);
        int[] other = Texts.joined(Arrays.copyOf(ids, known), texts.text(50, 7));
        for (int length : new int[] {between - 1, between, between + 1}) {
            texts.keep(cache, Arrays.copyOf(ids, length));
            if (length < between) {
                assertHit(answered(cache, other), Strategy.REPLAY, between, known);
            } else {
                assertHit(answered(cache, other), Strategy.SNAPSHOT, length, length);
            }
        }
    }

    @Test
    void aReplayingSequenceGivesBlocksButNoSnapshot() {
        var cache = cache();
        int[] ids = texts.text(400, 8);
        texts.keep(cache, ids);
        int snapshots = cache.stats().snapshots();
        var hit = cache.find(ids);
        texts.feed(hit.state(), ids, 380);
        assertThat(hit.state().replaying()).isTrue();
        cache.keep(Arrays.copyOf(ids, 380), hit.state());
        assertThat(cache.stats().snapshots()).isEqualTo(snapshots);
        assertThat(texts.feed(hit.state(), ids, 400)).isEqualTo(texts.cold(ids));
    }

    /// The sequence goes on, is rolled back and changes; what the cache has of it stays.
    @Test
    void keptSequencesStayTheCallersOwn() {
        var cache = cache();
        int[] ids = texts.text(256, 9);
        var sequence = texts.sequence(ids);
        cache.keep(ids, sequence);
        sequence.rollback(245);
        texts.model.step(List.of(new Chunk(sequence, texts.text(40, 10), Chunk.Logits.NONE)));
        assertHit(answered(cache, Texts.joined(ids, 1, 2)), Strategy.SNAPSHOT, 256, 256);
        int[] other = Texts.joined(ids, texts.text(150, 11));
        assertHit(answered(cache, other), Strategy.SNAPSHOT, 256, 256);
    }

    /// Texts with a common start share its blocks.
    @Test
    void bytesAreCountedExactly() {
        var cache = cache();
        var config = texts.model.config();
        long block = SequenceSize.blockBytes(config, texts.model.numerics()) + 512 + 4 * 128;
        long snapshot = SequenceSize.snapshotBytes(config, texts.model.numerics()) + 256;
        int[] ids = texts.text(256, 12);
        texts.keep(cache, ids);
        assertThat(cache.stats().bytes()).isEqualTo(2 * block + snapshot);
        texts.keep(cache, ids);
        cache.find(ids);
        assertThat(cache.stats().bytes()).isEqualTo(2 * block + snapshot);
        int[] other = Texts.joined(ids, texts.text(130, 13));
        var sequence = texts.sequence(other);
        cache.keep(other, sequence);
        long last = sequence.snapshot().bytes() + 256 + 4 * 2;
        assertThat(cache.stats().bytes()).isEqualTo(3 * block + snapshot + last);
        assertThat(cache.stats().blocks()).isEqualTo(3);
        assertThat(cache.stats().snapshots()).isEqualTo(2);
        assertThat(cache.stats().budget()).isEqualTo(ROOM);
    }

    @Test
    void boundaries() {
        var cache = cache();
        // A replay takes 105 tokens here, less than a block: nothing between the ends of messages.
        assertThat(cache.interval()).isZero();
        int[] wanted = {300, 40, 90};
        assertThat(cache.nextBoundary(0, wanted, 500)).isEqualTo(40);
        assertThat(cache.nextBoundary(40, wanted, 500)).isEqualTo(90);
        assertThat(cache.nextBoundary(90, wanted, 500)).isEqualTo(300);
        assertThat(cache.nextBoundary(90, wanted, 200)).isEqualTo(200);
        assertThat(cache.nextBoundary(300, wanted, 500)).isEqualTo(500);
        assertThatThrownBy(() -> cache.nextBoundary(500, wanted, 500)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        var cache = cache();
        int[] ids = texts.text(20, 14);
        var sequence = texts.sequence(ids);
        assertThatThrownBy(() -> cache.keep(texts.text(19, 14), sequence))
                .hasMessageContaining("19 tokens of a sequence that has 20");
        try (var other = Texts.tiny()) {
            SequenceState foreign = other.sequence(ids);
            assertThatThrownBy(() -> cache.keep(ids, foreign)).hasMessageContaining("another model");
        }
        assertThatThrownBy(() -> new PrefixCache(texts.model, -1, null)).isInstanceOf(IllegalArgumentException.class);
    }
}
