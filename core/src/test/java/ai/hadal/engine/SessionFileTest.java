package ai.hadal.engine;

import static ai.hadal.engine.TinyEngine.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.model.Numerics;
import ai.hadal.testing.Goldens;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Saved sessions: the same bits, or one sentence.
class SessionFileTest {

    /// Rings, a copy of the file and buffers; no length of the file is believed.
    private static final long MEMORY = 16 << 20;

    private static Engine engine;
    private static byte[] saved;
    private static float[][] expected;

    @TempDir
    private Path folder;

    @BeforeAll
    static void save(@TempDir Path folder) throws IOException {
        engine = TinyEngine.open();
        Session session = engine.newSession();
        session.logits(text(150, 1));
        Path file = folder.resolve("session");
        session.save(file);
        saved = Files.readAllBytes(file);
        expected = session.logits(text(40, 2));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("session"), bytes);
    }

    private void refused(byte[] bytes, String... said) throws IOException {
        refused(engine, bytes, said);
    }

    private void refused(Engine by, byte[] bytes, String... said) throws IOException {
        Path file = file(bytes);
        assertThatThrownBy(() -> by.restore(file))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(file.toString())
                .satisfies(e -> assertThat(List.of(said)).allMatch(e.getMessage()::contains));
    }

    @Test
    void aRestoredSessionContinuesWithTheSameBits() throws IOException {
        Session session = engine.restore(file(saved));
        assertThat(session.ids()).containsExactly(text(150, 1));
        assertThat(session.logits(text(40, 2))).isDeepEqualTo(expected);
        // It can go back as far as the one that was saved.
        Session again = engine.restore(file(saved));
        again.rollback(150 - TinyEngine.WINDOW);
        again.logits(Arrays.copyOfRange(text(150, 1), 150 - TinyEngine.WINDOW, 150));
        assertThat(again.logits(text(40, 2))).isDeepEqualTo(expected);
        assertThatThrownBy(() -> again.rollback(100)).isInstanceOf(HadalException.class);
    }

    @Test
    void anEmptySessionIsSavedToo() {
        Path file = folder.resolve("empty");
        engine.newSession().save(file);
        assertThat(engine.restore(file).length()).isZero();
    }

    @Test
    void savingReplacesAWholeFileAndLeavesNothingElse() throws IOException {
        Path file = file(new byte[] {1, 2, 3});
        engine.restore(Files.write(folder.resolve("other"), saved)).save(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(saved);
        try (var names = Files.list(folder)) {
            assertThat(names.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("session", "other");
        }
    }

    @Test
    void whatCannotBeWrittenIsSaid() {
        Session session = engine.newSession();
        Path nowhere = folder.resolve("absent").resolve("session");
        assertThatThrownBy(() -> session.save(nowhere))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("there is no folder " + nowhere.getParent());
        assertThatThrownBy(() -> session.save(folder))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() -> session.save(Path.of("/")))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("is a folder");
    }

    @Test
    void whatCannotBeReadIsSaid() {
        assertThatThrownBy(() -> engine.restore(folder.resolve("absent")))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("there is no session file");
        assertThatThrownBy(() -> engine.restore(folder))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("cannot read");
    }

    @Test
    void anotherFileIsNoSession() throws IOException {
        refused("a text file of some length".getBytes(StandardCharsets.UTF_8), "no Hadal session");
        refused(new byte[0], "not a whole Hadal session");
        refused(new byte[100], "no Hadal session");
    }

    @Test
    void anotherVersionIsSaid() throws IOException {
        byte[] bytes = saved.clone();
        bytes[11] = 9;
        refused(bytes, "its version is 9");
    }

    @Test
    void anotherModelOrProfileIsSaid() throws IOException {
        try (var other = Engine.open(Goldens.resource("flash-tiny-fp4"))) {
            refused(other, saved, "another model or numerics profile");
        }
        try (var other = TinyEngine.open(EngineOptions.defaults().withNumerics(Numerics.F32_QAT_OFF))) {
            refused(other, saved, "another model or numerics profile");
        }
        try (var small = TinyEngine.open(EngineOptions.defaults().withContextLength(100))) {
            refused(small, saved, "150 tokens, but the context 100");
        }
    }

    @Test
    void aCutOffFileIsNeverASession() throws IOException {
        var random = new Random(3);
        for (int i = 0; i < 100; i++) {
            refused(Arrays.copyOf(saved, i < 40 ? i : random.nextInt(saved.length)));
        }
        refused(Arrays.copyOf(saved, saved.length - 1), "checksum");
        refused(Arrays.copyOf(saved, saved.length + 1), "checksum");
    }

    @Test
    void aFlippedBitIsAlwaysFound() throws IOException {
        var random = new Random(4);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = saved.clone();
            int at = i < 30 ? i : random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            refused(bytes);
        }
    }

    /// Someone who fixes the checksum may change the text, never break the program.
    @Test
    void noLengthIsBelievedEvenWithTheRightChecksum() throws IOException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var random = new Random(5);
        int[] telling = {0, 1, -1, 4096, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE, 151, 149};
        int restored = 0;
        for (int i = 0; i < 150; i++) {
            var bytes = ByteBuffer.wrap(saved.clone());
            // All that is not numbers of the state: header, ids, fingerprint, lengths.
            int at = 12 + random.nextInt(4 + 4 * 150 + 2 + 64 + 16);
            if (i % 3 == 0) {
                bytes.put(at, (byte) random.nextInt(256));
            } else {
                bytes.putInt(i % 3 == 1 ? 12 : at, telling[random.nextInt(telling.length)]);
            }
            Path file = file(sealed(bytes.array()));
            long before = threads.getCurrentThreadAllocatedBytes();
            Session session = null;
            try {
                session = engine.restore(file);
            } catch (HadalException e) {
                assertThat(e.getMessage()).contains(file.toString());
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MEMORY);
            if (session != null) {
                session.logits(new int[] {5, 6});
                restored++;
            }
        }
        // Ids may be exchanged for others.
        assertThat(restored).isBetween(1, 125);
        refused(sealed(Arrays.copyOf(saved, saved.length + 4)), "goes on");
    }

    private static byte[] sealed(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(bytes.length - Long.BYTES, crc.getValue());
        return bytes;
    }
}
