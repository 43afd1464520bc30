package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {

    private static final String FIRST_SHARD = "model-00001-of-00002.safetensors";

    @TempDir
    private Path folder;

    @Test
    void itShowsWhatACheckpointIsAndNeeds() {
        var run = Hadal.run("inspect", Hadal.FP4);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(Hadal.FP4.toString(), "DeepseekV4ForCausalLM")
                .contains("6: 2 SWA (window only), 2 CSA (ratio 4), 2 HCA (ratio 128); MTP 1")
                .contains("6 routed, 3 per token, 1 shared")
                .contains("routed experts", "4,096", "in order; runs here")
                .doesNotContain("\u001b");
    }

    @Test
    void partsAndFormatsAddUp() {
        var json = Hadal.run("inspect", Hadal.FP4, "--json").json();
        assertThat(json.get("ok").booleanValue()).isTrue();
        assertThat(json.get("problems").isEmpty()).isTrue();
        long bytes = json.get("bytes").longValue();
        assertThat(json.get("bytes_by_part")
                        .valueStream()
                        .mapToLong(n -> n.longValue())
                        .sum())
                .isEqualTo(bytes);
        assertThat(json.get("bytes_by_format")
                        .valueStream()
                        .mapToLong(n -> n.longValue())
                        .sum())
                .isEqualTo(bytes);
        assertThat(json.get("bytes_by_format").propertyNames()).contains("F8_E4M3", "F4_E2M1", "BF16");
        var parameters = json.get("parameters");
        assertThat(parameters
                        .get("by_part")
                        .valueStream()
                        .mapToLong(n -> n.longValue())
                        .sum())
                .isEqualTo(parameters.get("total").longValue()
                        + parameters.get("mtp").longValue());
        assertThat(parameters.get("active").longValue())
                .isLessThan(parameters.get("total").longValue());
        assertThat(json.get("active_weight_bytes_per_token").longValue()).isBetween(1L, bytes);
    }

    @Test
    void itPlansMemoryForTheContextAskedFor() {
        var json = Hadal.run("inspect", Hadal.FLASH, "--json", "-c", 1000).json();
        double perToken = json.get("kv_bytes_per_token").doubleValue();
        var contexts = json.get("memory")
                .valueStream()
                .map(plan -> plan.get("context").intValue())
                .toList();
        assertThat(contexts)
                .contains(1000, json.get("config").get("max_positions").intValue());
        var plan = json.get("memory").get(contexts.indexOf(1000));
        assertThat(plan.get("entry_bytes").longValue()).isEqualTo((long) (perToken * 1000));
        assertThat(plan.get("fits").booleanValue()).isTrue();
    }

    @Test
    void itListsAllTensors() {
        var run = Hadal.run("inspect", Hadal.FLASH, "--tensors");
        assertThat(run.out())
                .containsPattern("(?m)^  embed.weight +BF16 +\\[512, 64\\] +65,536$")
                .containsPattern("(?m)^  layers.0.attn.attn_sink +F32 +\\[4\\] +16$");
        var json = Hadal.run("inspect", Hadal.FLASH, "--tensors", "--json").json();
        assertThat(json.get("tensor_list").size()).isEqualTo(json.get("tensors").intValue());
    }

    @Test
    void ggufFilesAreInspectedToo() {
        var gguf = Hadal.shared("gguf/tiny-mxfp4.gguf");
        org.junit.jupiter.api.Assumptions.assumeTrue(gguf.isPresent(), "no golden data beside the repository");
        var json = Hadal.run("inspect", gguf.get(), "--json").json();
        assertThat(json.get("container").stringValue()).startsWith("GGUF");
        assertThat(json.get("ok").booleanValue()).isTrue();
        assertThat(json.get("bytes_by_format").has("MXFP4")).isTrue();
        assertThat(json.get("tokenizer").get("tokens").intValue()).isEqualTo(2048);
    }

    @Test
    void everyNanScaleIsFound() throws Exception {
        Hadal.copy(Hadal.FP4, folder);
        setByte("layers.0.attn.wq_a.scale", (byte) 0xff);
        setByte("layers.1.attn.wq_a.scale", (byte) 0xff);
        var run = Hadal.run("inspect", folder);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.err())
                .contains("layers.0.attn.wq_a.weight has a NaN scale", "layers.1.attn.wq_a.weight has a NaN scale");
        assertThat(run.out()).contains("broken: 2 problems");
    }

    @Test
    void aConfigurationThatDoesNotFitIsAllItsProblems() throws Exception {
        Hadal.copy(Hadal.FLASH, folder);
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceAll("\"q_lora_rank\": *\\d+", "\"q_lora_rank\": 24"));
        var json = Hadal.run("inspect", folder, "--json").json();
        assertThat(json.get("ok").booleanValue()).isFalse();
        // Three matrices and vectors with that rank in each layer, one more in those with an indexer.
        var problems =
                json.get("problems").valueStream().map(p -> p.stringValue()).toList();
        assertThat(problems)
                .hasSizeGreaterThan(20)
                .allMatch(problem -> problem.contains("has the shape"))
                .doesNotHaveDuplicates();
        assertThat(Hadal.run("inspect", folder).err()).contains("more problems; --json lists all");
    }

    @Test
    void withoutAConfigurationTheTensorsAreStillShown() throws Exception {
        Hadal.copy(Hadal.FLASH, folder);
        Files.writeString(folder.resolve("config.json"), "{}");
        var run = Hadal.run("inspect", folder);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).contains("formats", "BF16", "broken: 1 problem");
    }

    @Test
    void whatIsNoCheckpointIsSaidToBeBroken() throws Exception {
        Path file = Files.writeString(folder.resolve("model.gguf"), "not a model");
        var run = Hadal.run("inspect", file);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().contains(file.toString());
        var json = Hadal.run("inspect", file, "--json");
        assertThat(json.code()).isEqualTo(2);
        assertThat(json.err()).isEmpty();
        assertThat(json.json().get("ok").booleanValue()).isFalse();
    }

    /// Sets the first byte of a tensor of the first shard.
    private void setByte(String tensor, byte value) throws Exception {
        Path file = folder.resolve(FIRST_SHARD);
        byte[] bytes = Files.readAllBytes(file);
        int header = Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        var offsets = JsonMapper.shared()
                .readTree(new String(bytes, 8, header, StandardCharsets.UTF_8))
                .get(tensor)
                .get("data_offsets");
        bytes[8 + header + offsets.get(0).intValue()] = value;
        Files.write(file, bytes);
    }
}
