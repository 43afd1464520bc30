package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.testing.Goldens;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints in the official layout, bound to the architecture.
class HuggingFaceModelTest {

    @TempDir
    Path dir;

    private static Path golden(String name) {
        if (name.equals("flash-tiny") || name.equals("flash-tiny-fp4")) {
            return Goldens.resource(name);
        }
        Path path = Goldens.shared(name).orElse(null);
        assumeTrue(path != null, "needs the shared golden files");
        return path;
    }

    @ParameterizedTest
    @ValueSource(strings = {"flash-tiny", "flash-tiny-fp4", "flash-tiny-fp8", "pro-tiny"})
    void everyTensorOfACheckpointIsUsed(String name) {
        try (Checkpoint checkpoint = Checkpoint.open(golden(name))) {
            ModelConfig config = ModelConfigs.of(checkpoint);
            ModelWeights weights = ModelWeightsLoader.load(checkpoint, config);
            assertThat(weights.layers()).hasSize(config.layers());
            assertThat(weights.mtp()).hasSize(1);
            assertThat(weights.mtp().getFirst().layer().index()).isEqualTo(config.layers());
            for (ModelWeights.Layer layer : weights.layers()) {
                boolean hash = layer.index() < config.hashLayers();
                assertThat(layer.moe().hash() != null).isEqualTo(hash);
                assertThat(layer.moe().bias() == null).isEqualTo(hash);
                assertThat(layer.attention().compressor() != null).isEqualTo(layer.ratio() != 0);
                assertThat(layer.attention().indexer() != null).isEqualTo(layer.ratio() == 4);
            }
            long file = checkpoint.tensors().values().stream()
                    .mapToLong(t -> t.data().byteSize())
                    .sum();
            ModelSize.Stored stored = ModelSize.stored(checkpoint, config);
            assertThat(stored.total()).isEqualTo(file);
            assertThat(stored.byPart().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(file);
            assertThat(ModelProblems.contents(checkpoint, config, (done, total) -> {}))
                    .isEmpty();
        }
    }

    @Test
    void theStoredTypeDecidesTheFormat() {
        try (Checkpoint checkpoint = Checkpoint.open(golden("flash-tiny-fp4"))) {
            ModelConfig config = ModelConfigs.of(checkpoint);
            ModelWeights weights = ModelWeightsLoader.load(checkpoint, config);
            ModelWeights.Layer layer = weights.layers().getFirst();
            assertThat(weights.embed().format()).isEqualTo(Format.BF16);
            assertThat(layer.attention().wqA().format()).isEqualTo(Format.F8_E4M3);
            assertThat(layer.attention().wkv().scale().byteSize()).isEqualTo(2);
            assertThat(layer.hcFfn().fn().format()).isEqualTo(Format.F32);
            var w2 = layer.moe().experts().get(3).w2();
            assertThat(w2.format()).isEqualTo(Format.F4_E2M1);
            assertThat(w2.rows()).isEqualTo(128);
            assertThat(w2.cols()).isEqualTo(256);
            assertThat(w2.rowStride()).isEqualTo(128);
            assertThat(w2.scale().byteSize()).isEqualTo(128 * 8);
            assertThat(ModelSize.stored(checkpoint, config).byFormat())
                    .containsOnlyKeys(Format.F32, Format.BF16, Format.F8_E4M3, Format.F4_E2M1, Format.I64);
        }
    }

    /// Writes flash-tiny-fp4 anew with changed tensors and opens it.
    private void withChanged(
            Consumer<Map<String, Tensor>> change, UnaryOperator<String> config, Consumer<Checkpoint> use) {
        Path source = Goldens.resource("flash-tiny-fp4");
        try (Checkpoint original = Checkpoint.open(source)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(original.tensors());
            change.accept(tensors);
            List<SafetensorsWriter.Entry> entries = new ArrayList<>();
            tensors.forEach((name, t) -> entries.add(new SafetensorsWriter.Entry(name, t.format(), t.shape())));
            try (SafetensorsWriter writer = SafetensorsWriter.create(dir.resolve("model.safetensors"), entries)) {
                tensors.values().forEach(t -> writer.write(t.data()));
                writer.commit();
            }
            Files.writeString(
                    dir.resolve("config.json"), config.apply(Files.readString(source.resolve("config.json"))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        try (Checkpoint changed = Checkpoint.open(dir)) {
            use.accept(changed);
        }
    }

    private void assertRefused(Consumer<Map<String, Tensor>> change, String... parts) {
        withChanged(change, UnaryOperator.identity(), checkpoint -> {
            ModelConfig config = ModelConfigs.of(checkpoint);
            assertThatExceptionOfType(HadalException.class)
                    .isThrownBy(() -> ModelWeightsLoader.load(checkpoint, config))
                    .satisfies(e -> assertThat(e.getMessage())
                            .contains(parts)
                            .contains(dir.toString())
                            .doesNotContain("\n"));
        });
    }

    private static void rename(Map<String, Tensor> tensors, UnaryOperator<String> rename) {
        Map<String, Tensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(rename.apply(name), tensor));
        tensors.clear();
        tensors.putAll(renamed);
    }

    @Test
    void aliasesOfNames() {
        Map<String, float[]> expected;
        try (Checkpoint original = Checkpoint.open(Goldens.resource("flash-tiny-fp4"))) {
            ModelConfig config = ModelConfigs.of(original);
            expected = FlatWeights.of(ModelWeightsLoader.load(original, config), config);
        }
        UnaryOperator<String> foreign = name -> ("model." + name)
                .replace(".attn.", ".self_attn.")
                .replace(".ffn.", ".mlp.")
                .replace(".scale", ".weight_scale_inv")
                .replace("gate.bias", "gate.e_score_correction_bias")
                .replace("embed.", "embed_tokens.")
                .replace(".attn_norm.", ".input_layernorm.")
                .replace(".ffn_norm.", ".post_attention_layernorm.")
                .replace(".wq_a.", ".q_a_proj.")
                .replace(".q_norm.", ".q_a_layernorm.")
                .replace("attn.wq_b.", "attn.q_b_proj.")
                .replace(".kv_norm.", ".kv_a_layernorm.")
                .replace(".w1.", ".gate_proj.")
                .replace(".w2.", ".down_proj.")
                .replace(".w3.", ".up_proj.")
                .replace("model.head.", "lm_head.");
        withChanged(tensors -> rename(tensors, foreign), UnaryOperator.identity(), checkpoint -> {
            ModelConfig config = ModelConfigs.of(checkpoint);
            assertThat(config.mtpLayers()).isEqualTo(1);
            Map<String, float[]> actual = FlatWeights.of(ModelWeightsLoader.load(checkpoint, config), config);
            FlatWeights.assertSame(actual, expected);
        });
    }

    @Test
    void aPlainNameGoesBeforeItsAlias() {
        withChanged(
                tensors -> tensors.put("model.norm.weight", tensors.get("layers.0.attn.q_norm.weight")),
                UnaryOperator.identity(),
                checkpoint -> {
                    ModelWeights weights = ModelWeightsLoader.load(checkpoint, ModelConfigs.of(checkpoint));
                    Tensor plain = checkpoint.tensors().get("norm.weight");
                    short first = plain.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 0);
                    assertThat(weights.norm()[0]).isEqualTo(ai.hadal.tensor.Bf16.decode(first));
                });
    }

    @Test
    void aCheckpointStrippedOfMtp() {
        withChanged(
                tensors -> tensors.keySet().removeIf(name -> name.startsWith("mtp.")),
                UnaryOperator.identity(),
                checkpoint -> {
                    ModelConfig config = ModelConfigs.of(checkpoint);
                    assertThat(config.mtpLayers()).isZero();
                    assertThat(config.compressRatios()).hasSize(config.layers());
                    assertThat(ModelWeightsLoader.load(checkpoint, config).mtp())
                            .isEmpty();
                });
    }

    @Test
    void missingTensorsAreNamedAndCounted() {
        assertRefused(
                tensors -> tensors.remove("layers.2.attn.wkv.weight"), "lacks the tensor layers.2.attn.wkv.weight");
        assertRefused(
                tensors -> tensors.keySet()
                        .removeIf(name -> name.startsWith("layers.4.ffn.experts.") && name.endsWith("weight")),
                "lacks 18 tensors",
                "layers.4.ffn.experts.0.w1.weight");
        assertRefused(
                tensors -> tensors.remove("layers.0.attn.wq_a.scale"),
                "layers.0.attn.wq_a.weight",
                "F8_E4M3",
                "layers.0.attn.wq_a.scale are missing");
    }

    @Test
    void wrongShapesAndTypesAreNamed() {
        assertRefused(
                tensors -> tensors.put("norm.weight", tensors.get("layers.0.attn.kv_norm.weight")),
                "norm.weight",
                "[160]",
                "[128]");
        assertRefused(
                tensors -> tensors.put("head.weight", tensors.get("layers.0.ffn.gate.weight")),
                "head.weight",
                "[6, 128]",
                "[320, 128]");
        assertRefused(
                tensors -> tensors.put("layers.0.attn.wq_b.scale", tensors.get("layers.0.attn.wq_a.scale")),
                "layers.0.attn.wq_b.scale",
                "[1, 1]",
                "[10, 1]");
        assertRefused(
                tensors -> tensors.put("layers.0.attn.wq_a.scale", tensors.get("hc_head_scale")),
                "layers.0.attn.wq_a.scale",
                "F32",
                "F8_E8M0 is needed");
        assertRefused(
                tensors -> tensors.put("layers.0.attn.wq_a.weight", tensors.get("layers.0.ffn.gate.tid2eid")),
                "layers.0.attn.wq_a.weight",
                "I64",
                "no weight");
        assertRefused(
                tensors -> tensors.put("norm.weight", tensors.get("layers.0.attn.wq_a.weight")),
                "norm.weight",
                "[128]");
        assertRefused(
                tensors -> tensors.put(
                        "layers.0.ffn.gate.tid2eid",
                        filled("layers.0.ffn.gate.tid2eid", Format.F32, 4, (byte) 0, 320, 3)),
                "layers.0.ffn.gate.tid2eid",
                "F32",
                "I64 or I32");
    }

    private static Tensor filled(String name, Format format, int size, byte value, long... shape) {
        int bytes = size;
        for (long n : shape) {
            bytes *= (int) n;
        }
        MemorySegment data = MemorySegment.ofArray(new byte[bytes]).fill(value);
        return new Tensor(name, format, shape, data);
    }

    @Test
    void nanIsFound() {
        assertRefused(
                tensors -> tensors.put("layers.3.attn.wkv.scale", filled("s", Format.F8_E8M0, 1, (byte) 255, 2, 1)),
                "layers.3.attn.wkv.weight",
                "NaN scale");
        assertRefused(
                tensors -> tensors.put(
                        "layers.5.ffn.experts.5.w3.scale", filled("s", Format.F8_E8M0, 1, (byte) 255, 256, 4)),
                "layers.5.ffn.experts.5.w3.weight",
                "NaN scale");
        assertRefused(
                tensors -> tensors.put("norm.weight", filled("n", Format.BF16, 2, (byte) 0xff, 128)),
                "norm.weight",
                "NaN at element 0");
    }

    @ParameterizedTest
    @CsvSource({"6, 6", "-1, -1", "4294967296, -1"})
    void aTokenTableMustPointAtExperts(long stored, int shown) {
        assertRefused(
                tensors -> {
                    Tensor table = tensors.get("layers.1.ffn.gate.tid2eid");
                    MemorySegment copy = MemorySegment.ofArray(Goldens.bytes(table.data()));
                    copy.set(
                            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                            8L * (3 * 17 + 2),
                            stored);
                    tensors.put(table.name(), new Tensor(table.name(), table.format(), table.shape(), copy));
                },
                "layers.1.ffn.gate.tid2eid",
                "token 17",
                "expert " + shown,
                "0 to 5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "model_type": "deepseek_v4"      | "model_type": "deepseek_v3"     | model_type is "deepseek_v3", "deepseek_v4"
            "hidden_size": 128               | "hidden_size": 0                | hidden_size is 0, from 1
            "hidden_size": 128               | "hidden_size": 128.5            | hidden_size is 128.5, integer
            "hidden_size": 128               | "hidden_size": "128"            | hidden_size is "128", integer
            "hidden_size": 128               | "hidden_size": 99999999999999   | hidden_size is 99999999999999
            "hidden_size": 128               | "hidden": 128                   | lacks hidden_size
            "num_hidden_layers": 6           | "num_hidden_layers": 7          | compress_ratios, 7 entries, 8 entries
            "num_hash_layers": 3             | "num_hash_layers": 9            | num_hash_layers is 9, 6
            "compress_ratios": [             | "compress_ratios": [16,         | compress_ratios, 8 entries
            "compress_ratios": [             | "compress_ratios": 4, "x": [    | compress_ratios is 4, array
            "weight_block_size": [           | "weight_block_size": [64,       | quantization_config.weight_block_size
            "compress_rope_theta": 160000    | "compress_rope_theta": 1        | compress_rope_theta is 1
            "head_dim": 160                  | "head_dim": 161                 | head_dim is 161, multiple of 64
            "qk_rope_head_dim": 32           | "qk_rope_head_dim": 31          | qk_rope_head_dim is 31, even
            "qk_rope_head_dim": 32           | "qk_rope_head_dim": 160         | qk_rope_head_dim is 160, 160
            "index_head_dim": 64             | "index_head_dim": 96            | index_head_dim is 96, power of two
            "index_head_dim": 64             | "index_head_dim": 16            | index_head_dim is 16, from 32
            "o_groups": 2                    | "o_groups": 3                   | o_groups is 3, divisor of the 8 heads
            "num_experts_per_tok": 3         | "num_experts_per_tok": 7        | num_experts_per_tok is 7, 6
            "num_key_value_heads": 1         | "num_key_value_heads": 2        | num_key_value_heads is 2, integer 1
            "n_shared_experts": 1            | "n_shared_experts": 2           | n_shared_experts is 2
            "scoring_func": "sqrtsoftplus"   | "scoring_func": "sigmoid"       | scoring_func is "sigmoid"
            "hidden_act": "silu"             | "hidden_act": "gelu"            | hidden_act is "gelu"
            "tie_word_embeddings": false     | "tie_word_embeddings": true     | tie_word_embeddings is true, false
            "type": "yarn"                   | "type": "linear"                | rope_scaling.type is "linear"
            "factor": 16                     | "factor": 0.5                   | rope_scaling.factor is 0.5
            "factor": 16                     | "factors": 16                   | lacks rope_scaling.factor
            "rms_norm_eps": 1e-06            | "rms_norm_eps": -1              | rms_norm_eps is -1
            "swiglu_limit": 1.5              | "swiglu_limit": null            | lacks swiglu_limit
            "eos_token_id": 1                | "eos_token_id": 320             | eos_token_id is 320, 320
            "eos_token_id": 1                | "eos_token_id": []              | eos_token_id is []
            "hc_mult": 4                     | "hc_mult": 17                   | hc_mult is 17
            """)
    void aWrongConfigurationIsNamed(String from, String to, String parts) throws IOException {
        String json = Files.readString(Goldens.resource("flash-tiny-fp4").resolve("config.json"));
        assertThat(json).contains(from);
        writeWithConfig(json.replace(from, to));
        assertConfigRefused(parts.split(", "));
    }

    @ParameterizedTest
    @CsvSource({"'0,0,4,64,4,128,0', 64 for block 3", "'0,0,4,128,4,128,4', 4 for MTP block 0"})
    void onlyTheArchitecturesRatios(String ratios, String part) throws IOException {
        String json = Files.readString(Goldens.resource("flash-tiny-fp4").resolve("config.json"));
        String changed = json.replaceFirst("\"compress_ratios\": \\[[^]]*]", "\"compress_ratios\": [" + ratios + "]");
        writeWithConfig(changed);
        assertConfigRefused("compress_ratios is " + part);
    }

    private void writeWithConfig(String json) throws IOException {
        Files.writeString(dir.resolve("config.json"), json);
        if (!Files.exists(dir.resolve("model.safetensors"))) {
            // The configuration is read before the tensors are looked at; only the presence of MTP matters.
            var entries = List.of(new SafetensorsWriter.Entry("mtp.0.norm.weight", Format.F32, 0));
            try (SafetensorsWriter writer = SafetensorsWriter.create(dir.resolve("model.safetensors"), entries)) {
                writer.commit();
            }
        }
    }

    private void assertConfigRefused(String... parts) {
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            assertThatExceptionOfType(HadalException.class)
                    .isThrownBy(() -> ModelConfigs.of(checkpoint))
                    .satisfies(e -> assertThat(e.getMessage())
                            .contains(dir.resolve("config.json").toString())
                            .contains(parts)
                            .doesNotContain("\n"));
        }
    }

    @Test
    void whatAConfigurationMayLeaveOutOrAdd() throws IOException {
        String json = Files.readString(Goldens.resource("flash-tiny").resolve("config.json"))
                .replaceFirst("\"rope_scaling\": \\{[^}]*\\}", "\"rope_scaling\": null")
                .replace("\"eos_token_id\": 1", "\"eos_token_id\": [3, 1]")
                .replace("\"scoring_func\": \"sqrtsoftplus\",", "\"something\": {\"new\": [1]},")
                .replace("\"n_shared_experts\": 1,", "");
        writeWithConfig(json);
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            ModelConfig config = ModelConfigs.of(checkpoint);
            assertThat(config.eosId()).isEqualTo(3);
            assertThat(config.yarn().factor()).isEqualTo(1);
        }
    }

    @Test
    void theWholeConfiguration() {
        try (Checkpoint checkpoint = Checkpoint.open(Goldens.resource("flash-tiny"))) {
            ModelConfig c = ModelConfigs.of(checkpoint);
            assertThat(c)
                    .usingRecursiveComparison()
                    .isEqualTo(new ModelConfig(
                            64,
                            7,
                            1,
                            3,
                            new int[] {0, 0, 4, 128, 4, 128, 4, 0},
                            4,
                            80,
                            16,
                            32,
                            2,
                            16,
                            16,
                            16,
                            32,
                            8,
                            8,
                            2,
                            32,
                            1.5f,
                            new float[] {1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f},
                            new float[] {1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f},
                            4,
                            20,
                            1e-6f,
                            1e-6f,
                            10000,
                            160000,
                            new ModelConfig.Yarn(16, 65536, 32, 1),
                            512,
                            4096,
                            0,
                            1));
        }
    }
}
