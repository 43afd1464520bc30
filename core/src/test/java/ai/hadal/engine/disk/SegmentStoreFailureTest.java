package ai.hadal.engine.disk;

import static ai.hadal.engine.disk.StoreFixture.BOUND;
import static ai.hadal.engine.disk.StoreFixture.fill;
import static ai.hadal.engine.disk.StoreFixture.key;
import static ai.hadal.engine.disk.StoreFixture.rightOrAbsent;
import static ai.hadal.engine.disk.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device that fails: the program goes on.
class SegmentStoreFailureTest {

    /// Is full after a number of bytes; what it can't do besides is set by each test.
    private static final class FailingDisk extends HookedDisk {
        final AtomicLong room;
        volatile boolean truncates = true;
        volatile boolean reads = true;
        volatile boolean deletes = true;

        FailingDisk(long room) {
            this.room = new AtomicLong(room);
        }

        @Override
        void beforeWrite(int bytes) throws IOException {
            if (room.addAndGet(-bytes) < 0) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        void beforeTruncate() throws IOException {
            check(truncates);
        }

        @Override
        void beforeRead() throws IOException {
            check(reads);
        }

        @Override
        void beforeDelete() throws IOException {
            check(deletes);
        }

        private static void check(boolean works) throws IOException {
            if (!works) {
                throw new IOException("Input/output error");
            }
        }
    }

    @TempDir
    private Path folder;

    private StoreFixture disk;

    @BeforeEach
    void newStore() {
        disk = new StoreFixture(folder);
    }

    /// The first byte that fails is one of a file's header, of a record's, or of a value.
    @ParameterizedTest
    @ValueSource(longs = {0, 30, 80, 1000, 4000, 4130, 10_000, 15_000})
    void aFullDiskIsSaidOnceAndWhatIsThereStays(long room) {
        for (boolean truncates : new boolean[] {true, false}) {
            disk.warnings.clear();
            var device = new FailingDisk(room);
            device.truncates = truncates;
            int there;
            try (var store = disk.open(BOUND, device)) {
                there = rightOrAbsent(store, 0, 200);
                fill(store, 0, 200);
                assertThat(disk.warnings)
                        .containsExactly("nothing more is kept in the cache " + folder
                                + ", which cannot be written (No space left on device);"
                                + " check the free space and the disk");
                assertThat(rightOrAbsent(store, 0, 200)).isGreaterThanOrEqualTo(there);
                there = rightOrAbsent(store, 0, 200);
                long dropped = store.stats().dropped();
                assertThat(dropped).isPositive();
                store.put(key(999), value(999));
                assertThat(store.stats().dropped()).isEqualTo(dropped + 1);
                assertThat(store.contains(key(999))).isFalse();
            }
            assertThat(disk.warnings).hasSize(1);
            try (var store = disk.open()) {
                assertThat(rightOrAbsent(store, 0, 200)).isEqualTo(there);
            }
        }
    }

    @Test
    void aFailureToReadTurnsItOff() {
        var device = new FailingDisk(BOUND);
        try (var store = disk.open(BOUND, device)) {
            fill(store, 0, 50);
            device.reads = false;
            assertThat(rightOrAbsent(store, 0, 50)).isZero();
            assertThat(disk.warnings)
                    .containsExactly("the cache in " + folder
                            + " is off from now on: it cannot be read (Input/output error); check the disk");
            device.reads = true;
            assertThat(store.get(key(1))).isEmpty();
            assertThat(store.contains(key(1))).isFalse();
            fill(store, 50, 60);
            assertThat(store.stats().dropped()).isEqualTo(10);
        }
        try (var store = disk.open()) {
            assertThat(rightOrAbsent(store, 0, 60)).isEqualTo(50);
        }
    }

    @Test
    void aSegmentThatCannotBeDeletedKeepsTheBound() throws IOException {
        var device = new FailingDisk(BOUND);
        device.deletes = false;
        try (var store = disk.open(16_000, device)) {
            fill(store, 0, 200);
            assertThat(StoreFixture.bytes(folder)).isLessThanOrEqualTo(16_000);
            assertThat(disk.warnings).singleElement().asString().startsWith("nothing more is kept");
            assertThat(rightOrAbsent(store, 0, 200)).isPositive();
        }
    }

    /// Reading the folder meets the failing device; the files stay, and the store is there without them.
    @Test
    void filesThatCannotBeReadAtTheOpeningAreSaid() throws IOException {
        try (var store = disk.open()) {
            fill(store, 0, 30);
        }
        var files = disk.segments();
        var device = new FailingDisk(BOUND);
        device.reads = false;
        try (var store = disk.open(BOUND, device)) {
            assertThat(store.stats().records()).isZero();
            assertThat(disk.warnings).hasSize(files.size()).allMatch(warning -> warning.contains("cannot be read"));
        }
        assertThat(disk.segments()).isEqualTo(files);
    }
}
