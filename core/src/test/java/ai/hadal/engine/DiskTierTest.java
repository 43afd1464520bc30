package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What waits to be written is bounded in bytes, whatever their number.
class DiskTierTest {

    private static final long BOUND = 100;

    private final Engine engine = TinyEngine.open();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        engine.close();
    }

    private DiskTier open() {
        return DiskTier.open(folder, engine.model(), 1 << 20, BOUND, warning -> {});
    }

    private static byte[] key(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return key;
    }

    /// A value that becomes bytes when it is told to.
    private static final class Held {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        byte[] bytes() {
            begun.countDown();
            await(released);
            return new byte[] {7};
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void whatIsMoreThanTheBoundIsDroppedAndCounted() {
        var first = new Held();
        var third = new Held();
        try (var tier = open()) {
            tier.offer(key(1), 60, first::bytes);
            tier.offer(key(2), 41, () -> new byte[1]);
            tier.offer(key(3), 40, third::bytes);
            assertThat(tier.stats().dropped()).isEqualTo(1);

            first.released.countDown();
            Held.await(third.begun);
            tier.offer(key(4), 60, () -> new byte[1]);
            tier.offer(key(5), 1, () -> new byte[1]);
            assertThat(tier.stats().dropped()).isEqualTo(2);
            third.released.countDown();
        }
        try (var tier = open()) {
            assertThat(tier.get(key(1))).containsExactly(7);
            assertThat(tier.contains(key(2))).isFalse();
            assertThat(tier.contains(key(3))).isTrue();
            assertThat(tier.contains(key(4))).isTrue();
            assertThat(tier.contains(key(5))).isFalse();
        }
    }

    @Test
    void oneThatIsLargerThanTheBoundMayWaitAlone() {
        var large = new Held();
        try (var tier = open()) {
            tier.offer(key(1), 10 * BOUND, large::bytes);
            tier.offer(key(2), 1, () -> new byte[1]);
            large.released.countDown();
        }
        try (var tier = open()) {
            assertThat(tier.contains(key(1))).isTrue();
            assertThat(tier.contains(key(2))).isFalse();
        }
    }
}
