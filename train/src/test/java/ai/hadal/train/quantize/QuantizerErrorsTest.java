package ai.hadal.train.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Bf16;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What can't be written is said in one sentence, and nothing is left behind.
class QuantizerErrorsTest {

    @TempDir
    Path dir;

    private void assertRefused(TargetFormat format, boolean replace, Path source, Path target, String... parts) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() ->
                        new Quantizer(format, Scales.CLOSEST, replace).write(source, target, QuantizeProgress.NONE))
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    private Path copyOf(Path model) throws IOException {
        Path folder = Files.createDirectory(dir.resolve("in"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(model.resolve(name), folder.resolve(name));
        }
        return folder;
    }

    @Test
    void whatIsThereStaysUnlessItMayBeReplaced() throws Exception {
        Path target = Files.writeString(dir.resolve("there.gguf"), "mine");
        assertRefused(TargetFormat.Q8_0, false, TestModels.flashTiny(), target, "there.gguf exists already", "--force");
        assertThat(target).hasContent("mine");
        new Quantizer(TargetFormat.Q8_0, Scales.CLOSEST, true)
                .write(TestModels.flashTiny(), target, QuantizeProgress.NONE);
        Checkpoint.open(target).close();
    }

    @Test
    void theModelItselfIsNeverReplaced() throws Exception {
        Path folder = copyOf(TestModels.flashTiny());
        assertRefused(TargetFormat.OFFICIAL, true, folder, folder, "is the model to read");
        assertRefused(TargetFormat.OFFICIAL, true, folder.resolve("model.safetensors"), folder, "is the model to read");
        Checkpoint.open(folder).close();
    }

    @Test
    void aTargetOfTheWrongKind() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("folder.gguf"));
        assertRefused(TargetFormat.Q8_0, true, TestModels.flashTiny(), folder, "is a folder where a file");
        Path file = Files.writeString(dir.resolve("file"), "");
        assertRefused(TargetFormat.OFFICIAL, true, TestModels.flashTiny(), file, "is a file where a folder");
        assertRefused(TargetFormat.Q8_0, false, TestModels.flashTiny(), dir.resolve("x"), "does not end in .gguf");
        assertRefused(TargetFormat.OFFICIAL, false, TestModels.flashTiny(), dir.resolve("x.gguf"), "is a folder");
        assertRefused(
                TargetFormat.OFFICIAL, false, TestModels.flashTiny(), dir.resolve("no/such"), "does not exist; create");
    }

    @Test
    void whatIsNoDeepSeekV4Model() throws Exception {
        Path folder = copyOf(TestModels.flashTiny());
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("deepseek_v4", "llama"));
        assertRefused(TargetFormat.Q8_0, false, folder, dir.resolve("out.gguf"), "model_type", "deepseek_v4");
    }

    @Test
    void aNumberThatAFormatCannotSayIsFoundAndNothingIsLeft() throws Exception {
        Path folder = copyOf(TestModels.flashTiny());
        overwriteFirstNumber(folder, "layers.3.attn.wo_b.weight", Float.POSITIVE_INFINITY);
        assertRefused(
                TargetFormat.Q8_0,
                false,
                folder,
                dir.resolve("out.gguf"),
                "layers.3.attn.wo_b.weight holds Infinity in row 0",
                "Q8_0");
        assertRefused(
                TargetFormat.OFFICIAL, false, folder, dir.resolve("out"), "wo_b.weight holds Infinity", "F8_E4M3");
        overwriteFirstNumber(folder, "layers.3.attn.wo_b.weight", 9e8f);
        assertRefused(TargetFormat.Q8_0, false, folder, dir.resolve("out.gguf"), "E8 in row 0, which Q8_0 cannot say");
        try (var files = Files.list(dir)) {
            assertThat(files).containsExactly(folder);
        }
    }

    private static void overwriteFirstNumber(Path folder, String tensor, float value) throws IOException {
        Path file = folder.resolve("model.safetensors");
        long at;
        try (var checkpoint = Checkpoint.open(folder)) {
            long header = ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong(0);
            MemorySegment wanted = checkpoint.tensors().get(tensor).data();
            long base = checkpoint.tensors().values().stream()
                    .mapToLong(t -> t.data().address())
                    .min()
                    .orElseThrow();
            at = 8 + header + wanted.address() - base;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(
                    ByteBuffer.allocate(2)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putShort(Bf16.encode(value))
                            .flip(),
                    at);
        }
    }

    @Test
    void aDiskThatIsTooSmallIsNoticedBefore() {
        Path target = dir.resolve("out");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> TargetCheck.requireSpace(target, Long.MAX_VALUE / 4))
                .withMessageContaining("out takes")
                .withMessageContaining("free some space");
    }

    @Test
    void formatsThatAreNotWritten() {
        assertThat(TargetFormat.named("Q4_K")).isEqualTo(TargetFormat.Q4_K);
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> TargetFormat.named("q3_k"))
                .withMessage("there is no format `q3_k` to write; choose official, q8_0, q4_k, mxfp4");
    }
}
