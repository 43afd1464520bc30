package ai.hadal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.testing.Goldens;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Single safetensors files: what is written is read back, and a damaged header is refused with one sentence.
class SafetensorsTest {

    @TempDir
    Path dir;

    /// A file with a header text as given and some bytes of data.
    private Path file(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(text.length).put(text);
        return Files.write(dir.resolve("t.safetensors"), out.array());
    }

    private void assertRefused(Path file, String... parts) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> SafetensorsFile.open(file).close())
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(file.toString())
                        .contains(parts)
                        .doesNotContain("\n"));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Path path = dir.resolve("out.safetensors");
        var entries = List.of(
                new SafetensorsWriter.Entry("logits", Format.F32, 2, 3),
                new SafetensorsWriter.Entry("codes", Format.F4_E2M1, 2, 4),
                new SafetensorsWriter.Entry("none", Format.I32, 0, 7));
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, entries, Map.of("who", "a \"test\""))) {
            writer.writeFloats(new float[] {1, 2, 3});
            writer.writeFloats(new float[] {0, 4, 5, 6, 0}, 1, 3);
            writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
            assertThat(path).doesNotExist();
            writer.commit();
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).containsExactly(Map.entry("who", "a \"test\""));
            assertThat(file.tensors().keySet()).containsExactly("logits", "codes", "none");
            Tensor logits = file.tensor("logits");
            assertThat(logits.format()).isEqualTo(Format.F32);
            assertThat(logits.shape()).containsExactly(2, 3);
            assertThat(Goldens.floats(logits.data())).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(logits.data().isReadOnly()).isTrue();
            Tensor codes = file.tensor("codes");
            assertThat(codes.format()).isEqualTo(Format.I8);
            assertThat(codes.shape()).containsExactly(2, 2);
            assertThat(Goldens.bytes(codes.data())).containsExactly(1, 2, 3, 4);
            assertThat(file.tensor("none").elements()).isZero();
            assertThatExceptionOfType(HadalException.class)
                    .isThrownBy(() -> file.tensor("absent"))
                    .withMessageContaining("absent");
        }
    }

    @Test
    void anUnfinishedFileLeavesNoTrace() throws IOException {
        Path path = dir.resolve("out.safetensors");
        Files.writeString(path, "the old one");
        var entries = List.of(new SafetensorsWriter.Entry("x", Format.F32, 2));
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, entries)) {
            writer.writeFloats(new float[] {1});
            assertThatIllegalStateException().isThrownBy(writer::commit).withMessageContaining("8 bytes");
            assertThatIllegalStateException().isThrownBy(() -> writer.writeFloats(new float[] {1, 2}));
        }
        assertThat(path).hasContent("the old one");
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(path);
        }
    }

    @Test
    void theWriterRefusesWhatTheFormatCannotSay() {
        Path path = dir.resolve("out.safetensors");
        var twice = new SafetensorsWriter.Entry("x", Format.F32, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> SafetensorsWriter.create(path, List.of(twice, twice)));
        var blocks = new SafetensorsWriter.Entry("q", Format.Q4_K, 256);
        assertThatIllegalArgumentException().isThrownBy(() -> SafetensorsWriter.create(path, List.of(blocks)));
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> SafetensorsWriter.create(dir.resolve("no/such/dir.safetensors"), List.of(twice)))
                .withMessageContaining("cannot be written");
    }

    @Test
    void tensorsMayLieInAnyOrderAndLeaveGaps() throws IOException {
        Path path = file("""
                {"b":{"dtype":"U8","shape":[2],"data_offsets":[6,8]},
                 "a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 8);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensors().keySet()).containsExactly("b", "a");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}               | a, truncated
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[4,0]}}               | a, bytes
            {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}               | a, takes 12
            {"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}               | a, F99
            {"a":{"dtype":"Q4_K","shape":[2],"data_offsets":[0,8]}}              | a, Q4_K
            {"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}} | a, twice
            {"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[1],"data_offsets":[7,8]}} | b, shares bytes, a
            {"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}} | a, impossible shape
            {"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}   | a, impossible shape
            {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}              | a, negative
            {"a":{"dtype":"F32","shape":[1e3],"data_offsets":[0,8]}}             | a, integers
            {"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}} | JSON
            {"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}} | a, short array
            {"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}                 | a, not an array
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}             | a, bytes
            {"a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}                   | a, not a string
            {"a":{"dtype":"F32","shape":[2]}}                                    | a, lacks
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}         | a, unknown field x
            {"a":7}                                                              | a, JSON object
            {"__metadata__":{"k":1}}                                             | k, not a string
            {"__metadata__":[]}                                                  | __metadata__
            {"a":                                                                | JSON
            {} {}                                                                | goes on
            [{}]                                                                 | not a JSON object
            nonsense                                                             | JSON
            """)
    void aHeaderThatContradictsItsFileIsRefused(String header, String parts) throws IOException {
        assertRefused(file(header, 8), parts.split(", "));
    }

    @ParameterizedTest
    @CsvSource({"1", "100000001", "4294967296", "9223372036854775807", "-1", "-9223372036854775808"})
    void aHeaderLongerThanTheFileIsRefusedWithoutAllocating(long length) throws IOException {
        byte[] bytes = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
        assertRefused(
                Files.write(dir.resolve("t.safetensors"), bytes),
                Long.toUnsignedString(length),
                "room for 56",
                "download it again");
    }

    /// The length is true here, only larger than the format allows.
    @Test
    void aHeaderOfFourGigabytesIsRefused() throws IOException {
        Path path = dir.resolve("t.safetensors");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(length.putLong(4L << 30).flip());
            // A sparse file: it has the size, not the blocks.
            channel.write(ByteBuffer.allocate(1), (4L << 30) + 100);
        }
        assertRefused(path, "4294967296", "allows 100000000");
    }

    @Test
    void filesThatAreNoFiles() throws IOException {
        assertRefused(dir.resolve("absent.safetensors"), "does not exist");
        assertRefused(Files.createDirectory(dir.resolve("d.safetensors")), "is a directory");
        assertRefused(Files.createFile(dir.resolve("empty.safetensors")), "is empty");
        assertRefused(Files.write(dir.resolve("short.safetensors"), new byte[7]), "7 bytes long", "too short");
        Path loop = dir.resolve("loop.safetensors");
        Files.createSymbolicLink(loop, loop);
        assertRefused(loop, "leads back to itself");
    }

    @Test
    void tensorsPastTwoGigabytesAreReached() throws IOException {
        Path path = dir.resolve("big.safetensors");
        long begin = 3L << 30;
        String header =
                "{\"far\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[" + begin + "," + (begin + 2) + "]}}";
        byte[] frame = SafetensorsHeader.frame(header);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(frame));
            channel.write(ByteBuffer.wrap(new byte[] {5, 6}), frame.length + begin);
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(Goldens.bytes(file.tensor("far").data())).containsExactly(5, 6);
        }
    }
}
