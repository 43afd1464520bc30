package ai.hadal.engine.disk;

import static ai.hadal.engine.disk.StoreFixture.BOUND;
import static ai.hadal.engine.disk.StoreFixture.MODEL;
import static ai.hadal.engine.disk.StoreFixture.fill;
import static ai.hadal.engine.disk.StoreFixture.key;
import static ai.hadal.engine.disk.StoreFixture.rightOrAbsent;
import static ai.hadal.engine.disk.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a store keeps, for how long, and who waits for whom.
class SegmentStoreTest {

    @TempDir
    private Path temporary;

    private StoreFixture disk;

    @BeforeEach
    void newFolder() {
        disk = new StoreFixture(temporary.resolve("cache/state"));
    }

    @Test
    void valuesOutliveTheStore() {
        try (var store = disk.open()) {
            fill(store, 0, 50);
            assertThat(rightOrAbsent(store, 0, 60)).isEqualTo(50);
        }
        try (var store = disk.open()) {
            assertThat(rightOrAbsent(store, 0, 60)).isEqualTo(50);
            assertThat(store.contains(key(49))).isTrue();
            assertThat(store.contains(key(50))).isFalse();
            var stats = store.stats();
            assertThat(stats.records()).isEqualTo(50);
            assertThat(stats.reads()).isEqualTo(60);
            assertThat(stats.hits()).isEqualTo(50);
            assertThat(stats.damaged() + stats.evicted() + stats.dropped()).isZero();
        }
        assertThat(disk.warnings).isEmpty();
    }

    @Test
    void anEmptyValueAndALargeOneAreValues() {
        byte[] large = value(2, 5_000_000);
        try (var store = SegmentStore.open(disk.folder, MODEL, 100 << 20, disk.warnings::add)) {
            store.put(key(1), new byte[0]);
            store.put(key(2), large);
        }
        try (var store = SegmentStore.open(disk.folder, MODEL, 100 << 20, disk.warnings::add)) {
            assertThat(store.get(key(1))).hasValue(new byte[0]);
            assertThat(store.get(key(2))).hasValue(large);
        }
    }

    @Test
    void aKeyThatIsThereIsNotWrittenAgain() throws IOException {
        try (var store = disk.open()) {
            fill(store, 0, 10);
            long bytes = StoreFixture.bytes(disk.folder);
            fill(store, 0, 10);
            assertThat(store.stats().bytes()).isEqualTo(bytes).isEqualTo(StoreFixture.bytes(disk.folder));
        }
    }

    @Test
    void aRestartGoesOnInTheNewestSegment() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (var store = disk.open()) {
                store.put(key(i), value(i, 100));
            }
        }
        assertThat(disk.segments()).hasSize(1);
    }

    @Test
    void theOldestSegmentGoesFirst() throws IOException {
        try (var store = disk.open(16_000)) {
            fill(store, 0, 200);
            assertThat(store.stats().bytes())
                    .isEqualTo(StoreFixture.bytes(disk.folder))
                    .isLessThanOrEqualTo(16_000);
            assertThat(store.stats().evicted()).isPositive();
            int first = IntStream.range(0, 200)
                    .filter(i -> store.contains(key(i)))
                    .findFirst()
                    .orElseThrow();
            assertThat(first).isPositive();
            assertThat(rightOrAbsent(store, first, 200)).isEqualTo(200 - first);
        }
        assertThat(disk.warnings).isEmpty();
    }

    @Test
    void whatWasReadIsCarriedOverOnce() {
        try (var store = disk.open(16_000)) {
            fill(store, 0, 20);
            assertThat(store.get(key(0))).isPresent();
            fill(store, 20, 40);
            assertThat(store.stats().evicted()).isPositive();
            assertThat(store.contains(key(0))).isTrue();
            assertThat(store.contains(key(1))).isFalse();
            fill(store, 40, 200);
            assertThat(store.contains(key(0))).isFalse();
        }
    }

    /// A reader of everything does not turn the log into a circle: at most half of a segment is carried.
    @Test
    void newValuesHaveRoomWhateverIsRead() throws IOException {
        try (var store = disk.open(16_000)) {
            for (int i = 0; i < 200; i++) {
                fill(store, i, i + 1);
                assertThat(store.get(key(i))).hasValue(value(i));
                rightOrAbsent(store, 0, i);
                assertThat(StoreFixture.bytes(disk.folder)).isLessThanOrEqualTo(16_000);
            }
        }
    }

    @Test
    void aSmallerBoundHoldsFromTheOpeningOn() throws IOException {
        try (var store = disk.open()) {
            fill(store, 0, 100);
        }
        try (var store = disk.open(10_000)) {
            assertThat(StoreFixture.bytes(disk.folder)).isLessThanOrEqualTo(10_000);
            assertThat(rightOrAbsent(store, 0, 100)).isPositive();
        }
    }

    @Test
    void aValueAboveTheBoundIsNotKept() {
        try (var store = disk.open(1000)) {
            store.put(key(0), new byte[500]);
            store.put(key(1), new byte[1000]);
            store.flush();
            assertThat(store.contains(key(0))).isTrue();
            assertThat(store.contains(key(1))).isFalse();
            assertThat(store.stats().dropped()).isOne();
        }
        try (var store = disk.open(0)) {
            store.put(key(0), new byte[0]);
            store.flush();
            assertThat(store.contains(key(0))).isFalse();
            assertThat(store.stats().bytes()).isZero();
        }
    }

    @Test
    void puttingWaitsForNothingAndIsReadAtOnce() throws InterruptedException {
        var writing = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var slow = new HookedDisk() {
            @Override
            void beforeWrite(int bytes) throws IOException {
                writing.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        try (var store = disk.open(MODEL, BOUND, 1000, slow)) {
            store.put(key(0), value(0, 600));
            writing.await();
            store.put(key(1), value(1, 400));
            store.put(key(2), value(2, 1));
            store.put(key(1), value(1, 400));
            assertThat(store.get(key(0))).hasValue(value(0, 600));
            assertThat(store.get(key(1))).hasValue(value(1, 400));
            assertThat(store.contains(key(1))).isTrue();
            assertThat(store.contains(key(2))).isFalse();
            assertThat(store.stats().dropped()).isOne();
            assertThat(store.stats().records()).isZero();
            go.countDown();
            store.flush();
            assertThat(store.stats().records()).isEqualTo(2);
        } finally {
            go.countDown();
        }
    }

    @Test
    void anInterruptedReaderReadsAndStaysInterrupted() {
        try (var store = disk.open()) {
            fill(store, 0, 20);
            for (int i = 0; i < 20; i++) {
                Thread.currentThread().interrupt();
                assertThat(store.get(key(i))).hasValue(value(i));
                assertThat(Thread.interrupted()).isTrue();
            }
            Thread.currentThread().interrupt();
            fill(store, 20, 40);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(rightOrAbsent(store, 0, 40)).isEqualTo(40);
        }
        assertThat(disk.warnings).isEmpty();
    }

    @Test
    void manyReadWhileOneWritesAndSegmentsGo() throws Exception {
        int keys = 3000;
        var done = new AtomicBoolean();
        try (var store = disk.open(60_000);
                var threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> readers = IntStream.range(0, 4)
                    .mapToObj(seed -> threads.submit((Callable<Integer>) () -> {
                        var random = new Random(seed);
                        int found = 0;
                        while (!done.get()) {
                            int i = random.nextInt(keys);
                            found += rightOrAbsent(store, i, i + 1);
                            if (random.nextInt(50) == 0) {
                                Thread.currentThread().interrupt();
                            }
                        }
                        return found;
                    }))
                    .toList();
            for (int i = 0; i < keys; i += 10) {
                fill(store, i, i + 10);
            }
            done.set(true);
            for (var reader : readers) {
                reader.get();
            }
            assertThat(store.stats().evicted()).isPositive();
            assertThat(store.stats().damaged()).isZero();
        }
        assertThat(disk.warnings).isEmpty();
    }

    @Test
    void aClosedStoreFindsAndKeepsNothing() {
        var store = disk.open();
        fill(store, 0, 5);
        store.close();
        store.close();
        store.put(key(6), value(6));
        store.flush();
        assertThat(store.get(key(1))).isEmpty();
        assertThat(store.contains(key(6))).isFalse();
        assertThat(disk.warnings).isEmpty();
    }

    @Test
    void closingWritesWhatWaits() {
        try (var store = disk.open()) {
            for (int i = 0; i < 100; i++) {
                store.put(key(i), value(i));
            }
        }
        try (var store = disk.open()) {
            assertThat(rightOrAbsent(store, 0, 100)).isEqualTo(100);
        }
    }

    /// The values are made from what somebody wrote.
    @Test
    void filesAreTheirOwnersAlone() throws IOException {
        try (var store = disk.open()) {
            fill(store, 0, 1);
            if (disk.folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                assertThat(Files.getPosixFilePermissions(disk.segments().getFirst()))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                assertThat(Files.getPosixFilePermissions(disk.folder))
                        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    @Test
    void keysAndFingerprintsHave32Bytes() {
        try (var store = disk.open()) {
            assertThatThrownBy(() -> store.get(new byte[31])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.put(new byte[33], new byte[0])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SegmentStore.open(disk.folder, new byte[8], BOUND, disk.warnings::add))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
