package ai.hadal.engine.disk;

import static ai.hadal.engine.disk.StoreFixture.BOUND;
import static ai.hadal.engine.disk.StoreFixture.MODEL;
import static ai.hadal.engine.disk.StoreFixture.OTHER_MODEL;
import static ai.hadal.engine.disk.StoreFixture.QUEUE;
import static ai.hadal.engine.disk.StoreFixture.fill;
import static ai.hadal.engine.disk.StoreFixture.rightOrAbsent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.testing.AnotherJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose folder it is, and what in it is left alone.
class SegmentStoreFolderTest {

    @TempDir
    private Path folder;

    private StoreFixture disk;

    @BeforeEach
    void newStore() {
        disk = new StoreFixture(folder);
    }

    /// Opens the folder of its argument in a process of its own and prints what comes of it.
    static final class Opener {
        public static void main(String[] arguments) {
            try (var store = new StoreFixture(Path.of(arguments[0])).open()) {
                System.out.println("opened with " + store.stats().records());
            } catch (HadalException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void oneProcessHasTheFolder() throws IOException, InterruptedException {
        try (var store = disk.open()) {
            fill(store, 0, 3);
            var refused = List.of("the cache folder " + folder
                    + " is used by another running Hadal; end that one or give this one a folder of its own");
            assertThat(AnotherJvm.lines(Opener.class, List.of(folder.toString())))
                    .isEqualTo(refused);
            assertThatThrownBy(disk::open).isInstanceOf(HadalException.class).hasMessage(refused.getFirst());
            // The attempt from inside has not given up the lock.
            assertThat(AnotherJvm.lines(Opener.class, List.of(folder.toString())))
                    .isEqualTo(refused);
        }
        assertThat(AnotherJvm.lines(Opener.class, List.of(folder.toString()))).containsExactly("opened with 3");
        disk.open().close();
    }

    @Test
    void aFolderThatCannotBeOneIsSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThatThrownBy(() -> new StoreFixture(file).open())
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("the cache folder " + file + " cannot be used (");
    }

    @Test
    void anotherModelsSegmentsAreNotSeenAndStay() throws IOException {
        try (var store = disk.open()) {
            fill(store, 0, 20);
        }
        var theirs = disk.segments();
        try (var store = disk.open(OTHER_MODEL, BOUND, QUEUE, new HookedDisk())) {
            assertThat(rightOrAbsent(store, 0, 20)).isZero();
            fill(store, 20, 30);
            assertThat(store.stats().bytes()).isEqualTo(StoreFixture.bytes(folder));
        }
        assertThat(disk.warnings).hasSize(1);
        assertThat(disk.warnings.getFirst())
                .startsWith(theirs.size() + " segments (")
                .contains("not used");
        assertThat(disk.segments()).containsAll(theirs);
        try (var store = disk.open()) {
            assertThat(rightOrAbsent(store, 0, 30)).isEqualTo(20);
        }
    }

    @Test
    void theyGoBeforeTheOwnWhenRoomIsNeeded() throws IOException {
        try (var store = disk.open()) {
            fill(store, 0, 20);
        }
        var theirs = disk.segments();
        try (var store = disk.open(OTHER_MODEL, StoreFixture.bytes(folder), QUEUE, new HookedDisk())) {
            fill(store, 20, 25);
            assertThat(rightOrAbsent(store, 20, 25)).isEqualTo(5);
            assertThat(theirs.getFirst()).doesNotExist();
            assertThat(theirs.getLast()).exists();
        }
    }

    /// Magic is followed by the version, then comes what the checksum covers.
    @ParameterizedTest
    @ValueSource(ints = {11, 20, 55})
    void aSegmentOfAnotherVersionOrWithADamagedHeaderIsNotUsed(int place) throws IOException {
        try (var store = disk.open()) {
            fill(store, 0, 20);
        }
        Path first = disk.segments().getFirst();
        byte[] bytes = Files.readAllBytes(first);
        bytes[place] ^= 1;
        Files.write(first, bytes);
        try (var store = disk.open()) {
            assertThat(rightOrAbsent(store, 0, 20)).isBetween(1, 19);
            assertThat(disk.warnings).hasSize(1);
            assertThat(Files.readAllBytes(first)).isEqualTo(bytes);
        }
        try (var store = disk.open(StoreFixture.bytes(folder) - 1)) {
            assertThat(first).doesNotExist();
            assertThat(store.stats().evicted()).isOne();
        }
    }

    @Test
    void foreignFilesAreLeftAlone() throws IOException {
        Path text = Files.writeString(
                folder.resolve("00000007.hadalseg"), "somebody's notes, longer than a header".repeat(9));
        Path tiny = Files.writeString(folder.resolve("00000008.hadalseg"), "HADAL");
        Path lock = Files.writeString(folder.resolve("lock"), "mine");
        Path other = Files.writeString(folder.resolve("7.hadalseg"), "no number of ours");
        Path directory = Files.createDirectory(folder.resolve("00000009.hadalseg"));
        Path link = Files.createSymbolicLink(folder.resolve("00000010.hadalseg"), text);
        Path empty = Files.createFile(folder.resolve("00000011.hadalseg"));
        try (var store = disk.open(5000)) {
            fill(store, 0, 200);
            assertThat(store.stats().bytes()).isLessThanOrEqualTo(5000);
            assertThat(store.stats().evicted()).isPositive();
        }
        assertThat(text).content().startsWith("somebody's notes");
        assertThat(tiny).hasContent("HADAL");
        assertThat(lock).hasContent("mine");
        assertThat(other).hasContent("no number of ours");
        assertThat(directory).isEmptyDirectory();
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(empty).isEmptyFile();
        assertThat(disk.warnings)
                .hasSize(4)
                .anyMatch(warning -> warning.startsWith(text + " is no segment"))
                .anyMatch(warning -> warning.startsWith(tiny + " is no segment"))
                .anyMatch(warning -> warning.startsWith(directory + " is not a plain file"))
                .anyMatch(warning -> warning.startsWith(link + " is not a plain file"));
    }

    /// A segment is bound to its file: bytes of one that was deleted may come back in another after a crash.
    @Test
    void recordsOfAnotherFileAreNotBelieved() throws IOException {
        try (var store = disk.open(MODEL, BOUND, QUEUE, new HookedDisk())) {
            fill(store, 0, 20);
        }
        byte[] old = Files.readAllBytes(disk.segments().getFirst());
        for (Path file : disk.segments()) {
            Files.delete(file);
        }
        try (var store = disk.open()) {
            fill(store, 100, 101);
        }
        Path current = disk.segments().getFirst();
        byte[] header = Files.readAllBytes(current);
        System.arraycopy(header, 0, old, 0, SegmentHeader.BYTES);
        Files.write(current, old);
        try (var store = disk.open()) {
            assertThat(store.stats().records()).isZero();
        }
        assertThat(disk.warnings).singleElement().asString().contains("they were cut off");
    }
}
