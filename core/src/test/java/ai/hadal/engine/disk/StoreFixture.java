package ai.hadal.engine.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// A folder with a store of small segments, and keys whose values can be told from the key.
final class StoreFixture {

    static final long BOUND = 1 << 20;
    static final long SEGMENT = 4096;
    static final long QUEUE = 1 << 20;
    static final byte[] MODEL = print(1);
    static final byte[] OTHER_MODEL = print(2);

    final Path folder;
    final List<String> warnings = new CopyOnWriteArrayList<>();

    StoreFixture(Path folder) {
        this.folder = folder;
    }

    static byte[] print(int model) {
        byte[] print = new byte[32];
        Arrays.fill(print, (byte) model);
        return print;
    }

    static byte[] key(int number) {
        return ByteBuffer.allocate(32)
                .putLong(0x9E3779B97F4A7C15L * (number + 1))
                .putInt(28, number)
                .array();
    }

    /// The value of a key: 0 to 999 bytes.
    static byte[] value(int number) {
        var random = new Random(number);
        return value(number, random.nextInt(1000));
    }

    static byte[] value(int number, int length) {
        byte[] value = new byte[length];
        new Random(~number).nextBytes(value);
        return value;
    }

    SegmentStore open() {
        return open(BOUND);
    }

    SegmentStore open(long bound) {
        return open(bound, new HookedDisk());
    }

    SegmentStore open(long bound, Disk disk) {
        return open(MODEL, bound, QUEUE, disk);
    }

    SegmentStore open(byte[] fingerprint, long bound, long queue, Disk disk) {
        return SegmentStore.open(folder, fingerprint, bound, SEGMENT, queue, disk, warnings::add);
    }

    /// Puts the values of keys from `from` on, and waits until they are written.
    static void fill(SegmentStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.put(key(i), value(i));
        }
        store.flush();
    }

    /// Every value is the one that was put or not there; returns how many are there.
    static int rightOrAbsent(SegmentStore store, int from, int to) {
        int there = 0;
        for (int i = from; i < to; i++) {
            var value = store.get(key(i));
            if (value.isPresent()) {
                assertThat(value.get()).as("value of %d", i).isEqualTo(value(i));
                there++;
            }
        }
        return there;
    }

    /// Files with the names of segments, by name.
    List<Path> segments() throws IOException {
        return segments(folder);
    }

    static List<Path> segments(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".hadalseg"))
                    .sorted()
                    .toList();
        }
    }

    /// Length of all segments.
    static long bytes(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : segments(folder)) {
            bytes += Files.size(file);
        }
        return bytes;
    }
}
