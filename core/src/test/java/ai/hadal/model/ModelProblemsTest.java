package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.testing.Goldens;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// All that is wrong with a checkpoint, not only the first of it.
class ModelProblemsTest {

    @TempDir
    private Path folder;

    private Path file;
    private byte[] bytes;

    @BeforeEach
    void copy() throws IOException {
        Files.copy(Goldens.resource("flash-tiny/config.json"), folder.resolve("config.json"));
        file = folder.resolve("model.safetensors");
        bytes = Files.readAllBytes(Goldens.resource("flash-tiny/model.safetensors"));
        Files.write(file, bytes);
    }

    private List<String> headers() {
        try (var checkpoint = Checkpoint.open(folder)) {
            return ModelProblems.headers(checkpoint, ModelConfigs.of(checkpoint));
        }
    }

    private List<String> contents(ModelProblems.Progress progress) {
        try (var checkpoint = Checkpoint.open(folder)) {
            return ModelProblems.contents(checkpoint, ModelConfigs.of(checkpoint), progress);
        }
    }

    @Test
    void aSoundCheckpointHasNone() {
        assertThat(headers()).isEmpty();
        List<Integer> seen = new ArrayList<>();
        assertThat(contents((done, total) -> seen.add(done - total))).isEmpty();
        assertThat(seen).isSorted().endsWith(0);
    }

    @Test
    void everyBadValueIsNamed() throws IOException {
        // A NaN in a norm, an expert that does not exist, a NaN in a compressor's table.
        write("layers.1.attn_norm.weight", (byte) 0xff, (byte) 0x7f);
        write("layers.0.ffn.gate.tid2eid", (byte) 99);
        write("layers.2.attn.compressor.ape", (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f);
        assertThat(headers()).isEmpty();
        assertThat(contents((done, total) -> {}))
                .satisfiesExactly(
                        first -> assertThat(first).contains("layers.0.ffn.gate.tid2eid", "expert 99"),
                        second -> assertThat(second).contains("layers.1.attn_norm.weight", "holds NaN at element 0"),
                        third -> assertThat(third).contains("layers.2.attn.compressor.ape", "holds NaN at element 0"));
    }

    @Test
    void everyMissingTensorIsNamedAndTheOthersAreStillRead() throws IOException {
        rename("layers.0.attn.wkv.weight", "layers.0.attn.wkx.weight");
        rename("layers.3.ffn.experts.0.w1.weight", "layers.3.ffn.experts.0.w9.weight");
        write("layers.1.attn_norm.weight", (byte) 0xff, (byte) 0x7f);
        assertThat(headers())
                .satisfiesExactly(
                        first -> assertThat(first).contains("lacks the tensor layers.0.attn.wkv.weight"),
                        second -> assertThat(second).contains("lacks the tensor layers.3.ffn.experts.0.w1.weight"));
        assertThat(contents((done, total) -> {})).singleElement().asString().contains("layers.1.attn_norm.weight");
    }

    private int headerLength() {
        return Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }

    /// Overwrites the first bytes of a tensor.
    private void write(String tensor, byte... values) throws IOException {
        int header = headerLength();
        int offset = JsonMapper.shared()
                .readTree(new String(bytes, 8, header, StandardCharsets.UTF_8))
                .get(tensor)
                .get("data_offsets")
                .get(0)
                .intValue();
        System.arraycopy(values, 0, bytes, 8 + header + offset, values.length);
        Files.write(file, bytes);
    }

    /// Gives a tensor another name of the same length.
    private void rename(String from, String to) throws IOException {
        int header = headerLength();
        String json = new String(bytes, 8, header, StandardCharsets.UTF_8);
        assertThat(json).contains('"' + from + '"');
        byte[] renamed = json.replace('"' + from + '"', '"' + to + '"').getBytes(StandardCharsets.UTF_8);
        System.arraycopy(renamed, 0, bytes, 8, header);
        Files.write(file, bytes);
    }
}
