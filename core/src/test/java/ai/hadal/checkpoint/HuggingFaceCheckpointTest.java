package ai.hadal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoint directories in the Hugging Face layout.
class HuggingFaceCheckpointTest {

    @TempDir
    Path dir;

    @BeforeEach
    void config() throws IOException {
        Files.writeString(dir.resolve("config.json"), "{\"model_type\":\"deepseek_v4\"}");
    }

    private Path shard(String name, String... tensors) {
        Path path = dir.resolve(name);
        List<SafetensorsWriter.Entry> entries = List.of(tensors).stream()
                .map(t -> new SafetensorsWriter.Entry(t, Format.F32, 1))
                .toList();
        try (SafetensorsWriter writer = SafetensorsWriter.create(path, entries)) {
            for (int i = 0; i < tensors.length; i++) {
                writer.writeFloats(new float[] {i});
            }
            writer.commit();
        }
        return path;
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(dir.resolve("model.safetensors.index.json"), weightMap);
    }

    private void assertRefused(Path path, String... parts) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> Checkpoint.open(path).close())
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flash-tiny-fp4",
                "flash-tiny-fp4/model.safetensors.index.json",
                "flash-tiny-fp4/model-00002-of-00002.safetensors"
            })
    void everyPathIntoAShardedCheckpointOpensIt(String name) {
        try (Checkpoint checkpoint = Checkpoint.open(Goldens.resource(name))) {
            assertThat(checkpoint).isInstanceOf(HuggingFaceCheckpoint.class);
            assertThat(checkpoint.path()).isEqualTo(Goldens.resource("flash-tiny-fp4"));
            Tensor codes = checkpoint.tensors().get("layers.0.ffn.experts.0.w1.weight");
            assertThat(codes.format()).isEqualTo(Format.I8);
            assertThat(codes.shape()).containsExactly(256, 64);
            assertThat(checkpoint.tensors().get("layers.0.attn.wq_b.scale").format())
                    .isEqualTo(Format.F8_E8M0);
            assertThat(checkpoint.tensors().get("layers.0.ffn.gate.tid2eid").format())
                    .isEqualTo(Format.I64);
            assertThat(checkpoint.fileOf("head.weight")).hasFileName("model-00002-of-00002.safetensors");
            assertThat(((HuggingFaceCheckpoint) checkpoint)
                            .config()
                            .get("hidden_size")
                            .asInt())
                    .isEqualTo(128);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"flash-tiny", "flash-tiny/model.safetensors"})
    void aSingleFileCheckpoint(String name) {
        try (HuggingFaceCheckpoint checkpoint = (HuggingFaceCheckpoint) Checkpoint.open(Goldens.resource(name))) {
            assertThat(checkpoint.tensors().get("embed.weight").shape()).containsExactly(512, 64);
            assertThat(checkpoint.tokenizerJson()).isEmpty();
        }
    }

    @Test
    void theTokenizerLiesBesideTheModel() throws IOException {
        shard("model.safetensors", "a");
        Path tokenizer = Files.writeString(dir.resolve("tokenizer.json"), "{}");
        try (HuggingFaceCheckpoint checkpoint = (HuggingFaceCheckpoint) Checkpoint.open(dir)) {
            assertThat(checkpoint.tokenizerJson()).contains(tokenizer);
        }
    }

    @Test
    void filesBehindSymbolicLinksAsInHubCaches() throws IOException {
        Path blobs = Files.createDirectory(dir.resolve("blobs"));
        Files.move(shard("model.safetensors", "a"), blobs.resolve("0123abcd"));
        Files.createSymbolicLink(dir.resolve("model.safetensors"), Path.of("blobs/0123abcd"));
        try (Checkpoint checkpoint = Checkpoint.open(dir.resolve("model.safetensors"))) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("a");
        }
    }

    @Test
    void theIndexDecidesWhichTensorsCount() throws IOException {
        shard("model-00001-of-00002.safetensors", "a", "b", "extra");
        shard("model-00002-of-00002.safetensors", "b", "c");
        index("""
                {"metadata":{"total_size":12,"deep":[{"x":[1]}]},"weight_map":{
                 "c":"model-00002-of-00002.safetensors","b":"model-00002-of-00002.safetensors",
                 "a":"model-00001-of-00002.safetensors"}}""");
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b", "c");
            assertThat(checkpoint.fileOf("b")).hasFileName("model-00002-of-00002.safetensors");
            assertThat(Goldens.floats(checkpoint.tensors().get("b").data())).containsExactly(0f);
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        shard("model-00001-of-00002.safetensors", "a");
        index(
                "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}}");
        assertRefused(dir, "model-00002-of-00002.safetensors", "missing", "download");
    }

    @Test
    void anIndexThatNamesAbsentTensorsIsRefused() throws IOException {
        shard("model-00001-of-00001.safetensors", "a");
        index("{\"weight_map\":{\"layers.7.x\":\"model-00001-of-00001.safetensors\"}}");
        assertRefused(dir, "layers.7.x", "model-00001-of-00001.safetensors", "index.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"weight_map\":{\"a\":\"../../etc/passwd\"}}",
                "{\"weight_map\":{\"a\":\"/etc/passwd\"}}",
                "{\"weight_map\":{\"a\":\"..\"}}",
                "{\"weight_map\":{\"a\":\"\"}}",
                "{\"weight_map\":{\"a\":\"x\\u0000\"}}",
                "{\"weight_map\":{\"a\":3}}",
                "{\"weight_map\":{\"a\":\"x\",\"a\":\"x\"}}",
                "{\"weight_map\":[]}",
                "{\"weight_map\":{}}",
                "{}",
                "[]",
                "{\"weight_map\":{\"a\":\"x\"}} 1",
                "{\"weight_map\":{\"a\""
            })
    void aMalformedIndexIsRefused(String json) throws IOException {
        index(json);
        assertRefused(dir, "model.safetensors.index.json", "download it again");
    }

    @Test
    void badConfigurations() throws IOException {
        shard("model.safetensors", "a");
        Path config = dir.resolve("config.json");
        Files.writeString(config, "{\"model_type\":");
        assertRefused(dir, config.toString(), "not valid JSON", "line 1");
        Files.writeString(config, "{} {}");
        assertRefused(dir, config.toString(), "not valid JSON");
        Files.writeString(config, "[1]");
        assertRefused(dir, config.toString(), "JSON object");
        Files.writeString(config, "[".repeat(100_000));
        assertRefused(dir, config.toString(), "not valid JSON");
        Files.write(config, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertRefused(dir, config.toString(), "not valid JSON");
        Files.write(config, new byte[1_000_001]);
        assertRefused(dir, config.toString(), "1000001 bytes");
        Files.write(config, new byte[0]);
        assertRefused(dir, config.toString(), "is empty");
        Files.delete(config);
        assertRefused(dir, config.toString(), "does not exist");
        Files.createDirectory(config);
        assertRefused(dir, config.toString(), "is a directory");
    }

    @Test
    void pathsThatAreNoCheckpoint() throws IOException {
        assertRefused(dir.resolve("absent"), "absent does not exist");
        assertRefused(dir, "neither model.safetensors nor model.safetensors.index.json");
        Files.createFile(dir.resolve("x.gguf"));
        assertRefused(dir, "GGUF files", "path of one of them");
        Path loop = dir.resolve("model.safetensors");
        Files.createSymbolicLink(loop, loop);
        assertRefused(dir, "model.safetensors", "leads back to itself");
        assertRefused(Files.writeString(dir.resolve("readme.txt"), "hello, this is no checkpoint"), "neither a GGUF");
    }

    @Test
    void closingUnmaps() {
        shard("model.safetensors", "a");
        Checkpoint checkpoint = Checkpoint.open(dir);
        Tensor tensor = checkpoint.tensors().get("a");
        checkpoint.close();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> Goldens.floats(tensor.data()));
    }
}
