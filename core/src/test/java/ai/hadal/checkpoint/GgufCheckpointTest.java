package ai.hadal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.testing.Goldens;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// GGUF files, whole and split.
class GgufCheckpointTest {

    @TempDir
    Path dir;

    private static void assertRefused(Path path, String... parts) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> Checkpoint.open(path).close())
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void metadataAndTensors() {
        Path path = new GgufBuilder()
                .string("general.architecture", "deepseek4")
                .u32("n", -1)
                .u16("short", 65535)
                .u64("huge", -1)
                .f32("eps", 0.5f)
                .bool("flag", true)
                .i32s("ratios", 0, 4, 128)
                .f32s("limits", 1, 2.5f)
                .strings("tokens", "a", "", "ĠĊ")
                .tensor("m", GgufBuilder.F32, GgufBuilder.floats(1, 2, 3, 4, 5, 6), 2, 3)
                .tensor("blocks", GgufBuilder.Q8_0, new byte[68], 2, 32)
                .tensor("other", 13, new byte[176], 256)
                .writeTo(dir.resolve("x.gguf"));
        try (GgufCheckpoint checkpoint = (GgufCheckpoint) Checkpoint.open(path)) {
            GgufMetadata metadata = checkpoint.metadata();
            assertThat(metadata.string("general.architecture")).isEqualTo("deepseek4");
            assertThat(metadata.integer("n")).isEqualTo(4294967295L);
            assertThat(metadata.integer("short")).isEqualTo(65535);
            assertThat(metadata.number("eps")).isEqualTo(0.5);
            assertThat(metadata.number("short")).isEqualTo(65535.0);
            assertThat(metadata.bool("flag")).isTrue();
            assertThat(metadata.integers("ratios")).containsExactly(0, 4, 128);
            assertThat(metadata.floats("limits")).containsExactly(1, 2.5f);
            assertThat(metadata.strings("tokens")).containsExactly("a", "", "ĠĊ");
            assertThat(metadata.count("tokens")).isEqualTo(3);
            assertThat(metadata.isArray("tokens")).isTrue();
            assertThat(metadata.isArray("n")).isFalse();
            assertThat(metadata.integer("absent", 7)).isEqualTo(7);
            assertThat(metadata.number("absent", 7)).isEqualTo(7);
            assertThat(metadata.string("absent", "x")).isEqualTo("x");
            assertThat(metadata.bool("absent", true)).isTrue();
            assertThat(metadata.keys()).hasSize(9).startsWith("general.architecture", "n");
            assertThat(metadata.keys().stream().map(metadata::display))
                    .containsExactly(
                            "deepseek4",
                            "4294967295",
                            "65535",
                            "18446744073709551615",
                            "0.5",
                            "true",
                            "I32[3]",
                            "F32[2]",
                            "STRING[3]");
            assertThatExceptionOfType(HadalException.class)
                    .isThrownBy(() -> metadata.integer("absent"))
                    .withMessageContaining("absent")
                    .withMessageContaining("x.gguf");
            assertThatExceptionOfType(HadalException.class)
                    .isThrownBy(() -> metadata.integer("eps"))
                    .withMessageContaining("F32")
                    .withMessageContaining("an integer");
            assertThatExceptionOfType(HadalException.class)
                    .isThrownBy(() -> metadata.integer("huge"))
                    .withMessageContaining("18446744073709551615");
            for (String key : new String[] {"eps", "ratios"}) {
                assertThatExceptionOfType(HadalException.class).isThrownBy(() -> metadata.string(key));
                assertThatExceptionOfType(HadalException.class).isThrownBy(() -> metadata.strings(key));
                assertThatExceptionOfType(HadalException.class).isThrownBy(() -> metadata.bool(key));
                assertThatExceptionOfType(HadalException.class).isThrownBy(() -> metadata.floats(key));
            }
            assertThatExceptionOfType(HadalException.class).isThrownBy(() -> metadata.integers("limits"));

            Tensor m = checkpoint.tensors().get("m");
            assertThat(m.format()).isEqualTo(Format.F32);
            assertThat(m.shape()).containsExactly(2, 3);
            assertThat(Goldens.floats(m.data())).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(m.data().isReadOnly()).isTrue();
            assertThat(checkpoint.tensors().get("blocks").shape()).containsExactly(2, 32);
            assertThat(checkpoint.tensors()).doesNotContainKey("other");
            assertThat(checkpoint.unsupported()).containsEntry("other", "Q5_K");
            assertThat(checkpoint.fileOf("m")).isEqualTo(path);
        }
    }

    @Test
    void aModelThatAnotherEngineWrote() {
        Path file = Goldens.shared("gguf/tiny-mxfp4.gguf").orElse(null);
        assumeTrue(file != null, "needs the shared golden files");
        try (GgufCheckpoint checkpoint = (GgufCheckpoint) Checkpoint.open(file)) {
            assertThat(checkpoint.tensors()).hasSize(126);
            assertThat(checkpoint.metadata().keys()).hasSize(55);
            assertThat(checkpoint.metadata().strings("tokenizer.ggml.tokens"))
                    .hasSize(2048)
                    .startsWith("<｜begin▁of▁sentence｜>");
            Tensor experts = checkpoint.tensors().get("blk.0.ffn_gate_exps.weight");
            assertThat(experts.format()).isEqualTo(Format.MXFP4);
            assertThat(experts.shape()).containsExactly(8, 256, 256);
            assertThat(checkpoint.tensors().get("output_hc_fn.weight").shape()).containsExactly(4, 1024);
        }
    }

    private Path split(int number, int count, GgufBuilder writer) {
        return writer.u16("split.no", number - 1)
                .u16("split.count", count)
                .writeTo(dir.resolve(String.format("m-%05d-of-%05d.gguf", number, count)));
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void anyFileOfASplitSetStandsForTheWhole(int asked) {
        split(1, 3, new GgufBuilder().string("general.name", "split").u32("split.tensors.count", 2));
        split(2, 3, new GgufBuilder().tensor("a", GgufBuilder.F32, GgufBuilder.floats(1), 1));
        split(3, 3, new GgufBuilder().tensor("b", GgufBuilder.F32, GgufBuilder.floats(2), 1));
        Path path = dir.resolve("m-0000" + asked + "-of-00003.gguf");
        try (GgufCheckpoint checkpoint = (GgufCheckpoint) Checkpoint.open(path)) {
            assertThat(checkpoint.path()).hasFileName("m-00001-of-00003.gguf");
            assertThat(checkpoint.metadata().string("general.name")).isEqualTo("split");
            assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b");
            assertThat(checkpoint.fileOf("b")).hasFileName("m-00003-of-00003.gguf");
        }
    }

    @Test
    void incompleteSplitSets() throws IOException {
        Path first = split(1, 2, new GgufBuilder().u32("split.tensors.count", 1));
        assertRefused(first, "m-00002-of-00002.gguf", "missing", "download");
        Path second = split(2, 2, new GgufBuilder());
        assertRefused(first, "announces 1 tensors", "hold 0");
        Files.delete(first);
        assertRefused(second, "m-00001-of-00002.gguf", "missing");
        Files.copy(second, first);
        assertRefused(first, "part 2 of 2 by its metadata", "part 1 of 2 by its name");
        Path renamed = dir.resolve("whole.gguf");
        Files.move(second, renamed);
        assertRefused(renamed, "one of 2 files", "NAME-00001-of-00002.gguf");
    }

    @Test
    void aTensorInTwoFilesOfASet() {
        Path path = split(1, 2, new GgufBuilder().tensor("a", GgufBuilder.F32, GgufBuilder.floats(1), 1));
        split(2, 2, new GgufBuilder().tensor("a", GgufBuilder.F32, GgufBuilder.floats(1), 1));
        assertRefused(path, "tensor a", "m-00001-of-00002.gguf", "m-00002-of-00002.gguf");
    }

    static Stream<Arguments> malformed() {
        byte[] floats = GgufBuilder.floats(1, 2, 3, 4);
        return Stream.of(
                Arguments.of(new GgufBuilder().version(2), "version 2"),
                Arguments.of(new GgufBuilder().version(0x03000000), "big-endian"),
                Arguments.of(new GgufBuilder().declaredTensors(Long.MAX_VALUE), "9223372036854775807 tensors"),
                Arguments.of(new GgufBuilder().declaredTensors(1L << 32), "4294967296 tensors"),
                Arguments.of(new GgufBuilder().declaredPairs(1L << 40), "1099511627776 metadata pairs"),
                Arguments.of(new GgufBuilder().declaredTensors(1).u32("k", 1), "1 tensors"),
                Arguments.of(new GgufBuilder().array("k", 4, 1L << 61, new byte[64]), "elements of k"),
                Arguments.of(new GgufBuilder().array("k", 8, 1000, new byte[64]), "elements of k"),
                Arguments.of(new GgufBuilder().array("k", 8, 3, longs(1L << 40, 0, 0)), "bytes of k"),
                Arguments.of(new GgufBuilder().array("k", 99, 1, new byte[64]), "unknown type 99"),
                Arguments.of(new GgufBuilder().pair("k", 8, longs(-1L)), "bytes of k"),
                Arguments.of(new GgufBuilder().pair("k", 77, new byte[8]), "unknown type 77"),
                Arguments.of(new GgufBuilder().array("k", 9, 1, nested(40)), "nests arrays too deeply"),
                Arguments.of(new GgufBuilder().u32("k", 1).u32("k", 2), "metadata key k twice"),
                Arguments.of(new GgufBuilder().alignment(0), "general.alignment is 0"),
                Arguments.of(new GgufBuilder().alignment(48), "general.alignment is 48"),
                Arguments.of(new GgufBuilder().u32("general.alignment", 1 << 30), "general.alignment"),
                Arguments.of(new GgufBuilder().string("general.alignment", "x"), "general.alignment has the type"),
                Arguments.of(
                        new GgufBuilder().tensor("a", 0, floats, 4).describe("a", 0, 0, 4), "tensor a appears twice"),
                Arguments.of(
                        new GgufBuilder().tensor("a", 0, floats, 4).describe("b", 0, 0, 4),
                        "tensor b shares bytes with the tensor a"),
                Arguments.of(
                        new GgufBuilder().tensor("a", 0, floats, 4).describe("b", 0, 64, 4),
                        "tensor b begins at byte 64"),
                Arguments.of(
                        new GgufBuilder().tensor("a", 0, floats, 4).describe("b", 0, -32, 4),
                        "tensor b begins at byte"),
                Arguments.of(new GgufBuilder().tensor("a", 0, floats, 4).describe("b", 0, 16, 4), "no multiple of 32"),
                Arguments.of(new GgufBuilder().tensor("a", 0, floats, 999), "tensor a needs 3996 bytes"),
                Arguments.of(new GgufBuilder().tensor("a", 0, floats, 1L << 40, 1L << 40), "impossible shape"),
                Arguments.of(new GgufBuilder().tensor("a", 0, floats, -4), "impossible shape"),
                Arguments.of(new GgufBuilder().tensor("a", 0, floats, 1, 1, 1, 1, 4), "5 dimensions"),
                Arguments.of(new GgufBuilder().tensor("a", 8, new byte[34], 31), "no whole blocks of 32"));
    }

    private static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    /// The elements of an array that holds one array, which holds one array, and so on.
    private static byte[] nested(int depth) {
        ByteBuffer buffer = ByteBuffer.allocate(12 * depth).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < depth; i++) {
            buffer.putInt(9).putLong(1);
        }
        return buffer.array();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aFileThatContradictsItselfIsRefused(GgufBuilder writer, String part) {
        Path path = writer.writeTo(dir.resolve("x.gguf"));
        assertRefused(path, path.toString(), part);
    }

    @Test
    void tensorsMayLieInAnyOrder() {
        Path path = new GgufBuilder()
                .describe("late", GgufBuilder.F32, 32, 4)
                .tensor("early", GgufBuilder.F32, GgufBuilder.floats(1, 2, 3, 4), 4)
                .tensor("pad", GgufBuilder.F32, new byte[0], 0)
                .tensor("tail", 13, GgufBuilder.floats(5, 6, 7, 8), 256)
                .writeTo(dir.resolve("x.gguf"));
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            assertThat(Goldens.floats(checkpoint.tensors().get("late").data())).containsExactly(5, 6, 7, 8);
        }
    }

    @Test
    void truncatedAnywhere() {
        byte[] whole = new GgufBuilder()
                .string("k", "value")
                .strings("s", "a", "b")
                .tensor("a", GgufBuilder.F32, GgufBuilder.floats(1, 2, 3, 4, 5, 6, 7, 8), 8)
                .bytes();
        Path path = dir.resolve("x.gguf");
        for (int length = 0; length < whole.length; length++) {
            MemorySegment bytes = MemorySegment.ofArray(Arrays.copyOf(whole, length));
            assertThatExceptionOfType(HadalException.class)
                    .isThrownBy(() -> GgufFile.parse(path, bytes))
                    .withMessageContaining(path.toString());
        }
    }
}
