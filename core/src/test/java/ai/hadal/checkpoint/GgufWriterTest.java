package ai.hadal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.hadal.checkpoint.GgufWriter.Entry;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written is what [GgufCheckpoint] reads.
class GgufWriterTest {

    @TempDir
    Path dir;

    private static MemorySegment bytes(int n) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = (byte) (i * 7 + n);
        }
        return MemorySegment.ofArray(bytes);
    }

    private static GgufPairs pairs() {
        return new GgufPairs()
                .string("general.architecture", "深 \"test\"")
                .u32("n", -1)
                .f32("x", 1e-6f)
                .bool("yes", true)
                .i32s("numbers", new int[] {0, -4, 128})
                .f32s("floats", new float[] {10, 1.5f})
                .strings("words", List.of("a", "", "Ġthe"));
    }

    private Path write() {
        Path file = dir.resolve("out.gguf");
        var entries = List.of(
                new Entry("a", Format.Q8_0, 3, 32),
                new Entry("b", Format.F32, 1),
                new Entry("c", Format.MXFP4, 2, 2, 64));
        try (var writer = GgufWriter.create(file, pairs(), entries)) {
            writer.write(bytes(34));
            writer.write(bytes(68));
            writer.write(bytes(4));
            writer.write(bytes(136));
            writer.commit();
        }
        return file;
    }

    @Test
    void metadataIsReadBack() {
        try (var read = (GgufCheckpoint) Checkpoint.open(write())) {
            var metadata = read.metadata();
            assertThat(metadata.keys())
                    .containsExactly("general.architecture", "n", "x", "yes", "numbers", "floats", "words");
            assertThat(metadata.string("general.architecture")).isEqualTo("深 \"test\"");
            assertThat(metadata.integer("n")).isEqualTo(0xFFFF_FFFFL);
            assertThat((float) metadata.number("x")).isEqualTo(1e-6f);
            assertThat(metadata.bool("yes")).isTrue();
            assertThat(metadata.integers("numbers")).containsExactly(0, -4, 128);
            assertThat(metadata.floats("floats")).containsExactly(10, 1.5f);
            assertThat(metadata.strings("words")).containsExactly("a", "", "Ġthe");
        }
    }

    @Test
    void pairsAreCopiedBitForBit() {
        try (var read = (GgufCheckpoint) Checkpoint.open(write())) {
            var copy = new GgufPairs();
            read.metadata().keys().forEach(key -> copy.copy(read.metadata(), key));
            assertThat(copy.bytes()).isEqualTo(pairs().bytes());
        }
    }

    @Test
    void tensorsAreReadBackWithTheirShapes() {
        try (var read = Checkpoint.open(write())) {
            assertThat(read.tensors().keySet()).containsExactly("a", "b", "c");
            var a = read.tensors().get("a");
            assertThat(a.shape()).containsExactly(3, 32);
            assertThat(a.format()).isEqualTo(Format.Q8_0);
            assertThat(a.data().asSlice(34).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(bytes(68).toArray(ValueLayout.JAVA_BYTE));
            assertThat(read.tensors().get("b").data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(bytes(4).toArray(ValueLayout.JAVA_BYTE));
            assertThat(read.tensors().get("c").shape()).containsExactly(2, 2, 64);
            assertThat(read.tensors().get("c").data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(bytes(136).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// Other readers insist that each tensor begins where the one before, padded to 32, ends, and the data at 32.
    @Test
    void tensorsFollowEachOtherAtMultiplesOf32() throws Exception {
        var file = ByteBuffer.wrap(Files.readAllBytes(write())).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(file.getInt(4)).isEqualTo(3);
        assertThat(file.getLong(8)).isEqualTo(3);
        assertThat(file.getLong(16)).isEqualTo(7);
        int dataBytes = 128 + 32 + 160;
        assertThat((file.capacity() - dataBytes) % 32).isZero();
        int description = 24 + pairs().bytes().length;
        long[] offsets = {0, 128, 160};
        int[] dimensions = {2, 1, 3};
        for (int i = 0; i < 3; i++) {
            description += 8 + 1 + 4 + 8 * dimensions[i] + 4;
            assertThat(file.getLong(description)).isEqualTo(offsets[i]);
            description += 8;
        }
    }

    @Test
    void anUnfinishedFileLeavesNoTrace() throws Exception {
        Path file = dir.resolve("out.gguf");
        try (var writer = GgufWriter.create(file, new GgufPairs(), List.of(new Entry("a", Format.F32, 4)))) {
            writer.write(bytes(8));
            assertThatIllegalStateException().isThrownBy(writer::commit).withMessageContaining("8 bytes of a");
            assertThatIllegalStateException().isThrownBy(() -> writer.write(bytes(12)));
        }
        try (var left = Files.list(dir)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatTheFormatCannotSayIsRefused() {
        Path file = dir.resolve("out.gguf");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GgufWriter.create(file, new GgufPairs(), List.of(new Entry("a", Format.F8_E4M3, 4))))
                .withMessageContaining("F8_E4M3");
        var twice = new Entry("a", Format.F32, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GgufWriter.create(file, new GgufPairs(), List.of(twice, twice)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GgufPairs().u32("n", 1).u32("n", 2));
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> GgufWriter.create(dir.resolve("no/such.gguf"), new GgufPairs(), List.of(twice)))
                .withMessageContaining("cannot be written");
    }
}
