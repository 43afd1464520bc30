package ai.hadal.engine.disk;

import static ai.hadal.engine.disk.StoreFixture.fill;
import static ai.hadal.engine.disk.StoreFixture.key;
import static ai.hadal.engine.disk.StoreFixture.rightOrAbsent;
import static ai.hadal.engine.disk.StoreFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/// Whatever is done to a store and its files, a value is the one that was put or not there.
class SegmentStorePropertyTest {

    private static final int KEYS = 40;

    private static final int CUT = 1;
    private static final int EXCHANGE = 5;

    private Path folder = Path.of("");

    @BeforeTry
    void newFolder() throws IOException {
        folder = Files.createTempDirectory("store");
    }

    @AfterTry
    void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = 150)
    void itIsAMapThatOutlivesTheProcess(@ForAll long seed) {
        var random = new Random(seed);
        var disk = new StoreFixture(folder);
        Map<Integer, byte[]> model = new HashMap<>();
        var store = disk.open();
        try {
            for (int step = 0; step < 120; step++) {
                int i = random.nextInt(KEYS);
                switch (random.nextInt(12)) {
                    case 0 -> {
                        store.close();
                        store = disk.open();
                    }
                    case 1 -> store.flush();
                    case 2, 3, 4, 5 -> {
                        store.put(key(i), value(i));
                        model.put(i, value(i));
                    }
                    case 6 -> assertThat(store.contains(key(i))).isEqualTo(model.containsKey(i));
                    default -> {
                        byte[] expected = model.get(i);
                        if (expected == null) {
                            assertThat(store.get(key(i))).isEmpty();
                        } else {
                            assertThat(store.get(key(i))).hasValue(expected);
                        }
                    }
                }
            }
            store.flush();
            assertThat(store.stats().records()).isEqualTo(model.size());
        } finally {
            store.close();
        }
        assertThat(disk.warnings).isEmpty();
    }

    /// Held against the folder's real size after every single write.
    @Property(tries = 100)
    void theBoundIsKept(@ForAll long seed, @ForAll @IntRange(min = 0, max = 12_000) int bound) throws IOException {
        var random = new Random(seed);
        var disk = new StoreFixture(folder);
        var watched = new HookedDisk() {
            @Override
            void afterWrite() throws IOException {
                long bytes = StoreFixture.bytes(folder);
                if (bytes > bound) {
                    throw new IOException(bytes + " bytes of " + bound);
                }
            }
        };
        for (int opening = 0; opening < 3; opening++) {
            try (var store = disk.open(bound, watched)) {
                for (int i = 0; i < 60; i++) {
                    int from = random.nextInt(KEYS);
                    fill(store, from, from + random.nextInt(3));
                    rightOrAbsent(store, 0, random.nextInt(KEYS));
                }
                assertThat(store.stats().bytes()).isEqualTo(StoreFixture.bytes(folder));
            }
        }
        assertThat(disk.warnings).isEmpty();
    }

    @Property(tries = 300)
    void damageIsAMissWithAWarning(@ForAll long seed, @ForAll boolean whileOpen) throws IOException {
        var random = new Random(seed);
        var disk = new StoreFixture(folder);
        var store = disk.open();
        try {
            fill(store, 0, KEYS);
            if (!whileOpen) {
                store.close();
            }
            var files = disk.segments();
            boolean silent = false;
            for (int i = random.nextInt(4); i >= 0; i--) {
                silent |= damage(files, random);
            }
            if (!whileOpen) {
                store = disk.open();
            }
            int there = rightOrAbsent(store, 0, KEYS);
            assertThat(there == KEYS || silent || !disk.warnings.isEmpty()).isTrue();
            assertThat(rightOrAbsent(store, 0, KEYS)).isEqualTo(there);
            assertThat(store.stats().records()).isEqualTo(there);
            if (whileOpen) {
                store.close();
                store = disk.open();
                there = rightOrAbsent(store, 0, KEYS);
            }
            fill(store, 0, KEYS);
            assertThat(rightOrAbsent(store, 0, KEYS)).isEqualTo(KEYS);
            store.close();
            store = disk.open();
            assertThat(rightOrAbsent(store, 0, KEYS)).isEqualTo(KEYS);
        } finally {
            store.close();
        }
    }

    /// Returns whether it may look whole: a file that ends between two records, or another whole file.
    private static boolean damage(List<Path> files, Random random) throws IOException {
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        int to = Math.min(bytes.length, at + random.nextInt(600));
        int kind = random.nextInt(6);
        switch (kind) {
            case 0 -> {
                if (bytes.length > 0) {
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case CUT -> bytes = Arrays.copyOf(bytes, at);
            case 2 -> Arrays.fill(bytes, at, to, (byte) 0);
            case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(200));
            case 4 -> {
                byte[] noise = new byte[to - at];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, at, noise.length);
            }
            case EXCHANGE -> bytes = Files.readAllBytes(files.get(random.nextInt(files.size())));
            default -> throw new AssertionError(kind);
        }
        Files.write(file, bytes);
        return kind == CUT || kind == EXCHANGE;
    }
}
