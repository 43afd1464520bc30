package ai.hadal.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.prefix.Hit.Strategy;
import ai.hadal.model.EntryBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What goes first when memory is full.
class EvictionTest {

    private static Texts texts;

    @BeforeAll
    static void open() {
        texts = Texts.tiny();
    }

    @AfterAll
    static void close() {
        texts.close();
    }

    /// Bytes of these texts, kept in order.
    private static long bytes(int[]... all) {
        var cache = new PrefixCache(texts.model, Long.MAX_VALUE, null);
        for (int[] ids : all) {
            texts.keep(cache, ids);
        }
        return cache.stats().bytes();
    }

    private static int found(PrefixCache cache, int[] ids) {
        return cache.find(Texts.joined(ids, 1)).cached();
    }

    @Test
    void theTextUsedLongestAgoGoes() {
        int[] a = texts.text(128, 1);
        int[] b = texts.text(128, 2);
        int[] c = texts.text(128, 3);
        var cache = new PrefixCache(texts.model, bytes(a, b), null);
        texts.keep(cache, a);
        texts.keep(cache, b);
        assertThat(found(cache, a)).isEqualTo(128);
        texts.keep(cache, c);
        assertThat(found(cache, a)).isEqualTo(128);
        assertThat(found(cache, c)).isEqualTo(128);
        assertThat(found(cache, b)).isZero();
    }

    /// Of the snapshots of one text the one shortly after another is dropped before it, and either before a
    /// block.
    @Test
    void theSnapshotThatSavesLeastGoes() {
        int[] ids = texts.text(300, 4);
        int[] first = Arrays.copyOf(ids, 60);
        int[] second = Arrays.copyOf(ids, 70);
        int[] third = Arrays.copyOf(ids, 120);
        var cache = new PrefixCache(texts.model, bytes(first, second, third), null);
        texts.keep(cache, first);
        texts.keep(cache, third);
        texts.keep(cache, second);
        assertThat(cache.stats().snapshots()).isEqualTo(3);
        texts.keep(cache, Arrays.copyOf(texts.text(5, 5), 5));
        assertThat(cache.stats().evictedSnapshots()).isPositive();
        assertThat(found(cache, first)).isEqualTo(60);
        assertThat(found(cache, second)).isEqualTo(60);
        assertThat(found(cache, third)).isEqualTo(120);
    }

    /// A text far longer than memory leaves its start, as far as that fits.
    @Test
    void aTextThatDoesNotFitLeavesItsStart() {
        int[] ids = texts.text(700, 6);
        long room = bytes(Arrays.copyOf(ids, 384));
        var cache = new PrefixCache(texts.model, room, null);
        texts.keep(cache, ids);
        assertThat(cache.stats().bytes()).isLessThanOrEqualTo(room);
        assertThat(cache.stats().blocks()).isGreaterThanOrEqualTo(3);
        var hit = cache.find(ids);
        assertThat(hit.strategy()).isEqualTo(Strategy.REPLAY);
        assertThat(texts.feed(hit.state(), ids, ids.length)).isEqualTo(texts.cold(ids));
    }

    /// What alone is larger than memory drives nothing out.
    @Test
    void whatIsTooLargeIsLeftOut() {
        int[] small = texts.text(1, 7);
        long room = bytes(small);
        var cache = new PrefixCache(texts.model, room, null);
        texts.keep(cache, small);
        texts.keep(cache, texts.text(256, 8));
        assertThat(cache.stats().evictedSnapshots() + cache.stats().evictedBlocks())
                .isZero();
        assertThat(found(cache, small)).isEqualTo(1);
    }

    /// What came in less what went out, to the byte.
    @Test
    void bytesAreThoseOfWhatIsLeft() {
        long budget = 600_000;
        var tree = new BlockTree(texts.model.config(), new byte[32], budget);
        var random = new Random(11);
        int[] common = texts.text(400, 12);
        long expected = 0;
        int dropped = 0;
        for (int i = 0; i < 40; i++) {
            int[] start = Arrays.copyOf(common, random.nextInt(400));
            int[] ids = Texts.joined(start, texts.text(1 + random.nextInt(150), random.nextInt(5)));
            var sequence = texts.sequence(ids);
            var blocks = new ArrayList<EntryBlock>();
            for (int b = 0; b < ids.length / EntryBlock.TOKENS; b++) {
                blocks.add(sequence.block(b));
            }
            var known = tree.find(ids, ids.length);
            for (var block : blocks.subList(known.nodes().size(), blocks.size())) {
                expected += Node.OVERHEAD + 4 * EntryBlock.TOKENS + block.bytes();
            }
            var snapshot = sequence.snapshot();
            if (known.mark() == null || known.mark().length() != ids.length) {
                expected += Mark.OVERHEAD + 4 * (ids.length % EntryBlock.TOKENS) + snapshot.bytes();
            }
            var out = tree.keep(ids, blocks, snapshot);
            dropped += out.size();
            expected -= out.stream().mapToLong(Kept::bytes).sum();
            assertThat(tree.bytes()).isEqualTo(expected).isLessThanOrEqualTo(budget);
        }
        assertThat(dropped).isPositive();
    }

    /// A sequence that was found goes on though the cache has dropped what it came from.
    @Test
    void nothingInUseBreaks() {
        int[] ids = texts.text(300, 9);
        var cache = new PrefixCache(texts.model, bytes(ids), null);
        texts.keep(cache, ids);
        int[] more = Texts.joined(ids, texts.text(40, 10));
        var hit = cache.find(more);
        assertThat(hit.cached()).isEqualTo(300);
        for (int i = 0; found(cache, ids) == 300; i++) {
            texts.keep(cache, texts.text(256, 20 + i));
        }
        assertThat(texts.feed(hit.state(), more, more.length)).isEqualTo(texts.cold(more));
    }
}
