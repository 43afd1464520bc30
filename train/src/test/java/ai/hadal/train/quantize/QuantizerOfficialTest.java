package ai.hadal.train.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.engine.Tokenizers;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.OfficialTensors;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.WeightEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Folders in the official layout.
class QuantizerOfficialTest {

    @TempDir
    Path dir;

    private static void assertSameTensors(Map<String, Tensor> actual, Map<String, Tensor> expected) {
        assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((name, tensor) -> {
            assertThat(actual.get(name).format()).as(name).isEqualTo(tensor.format());
            assertThat(actual.get(name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(bytes(actual.get(name))).as(name).isEqualTo(bytes(tensor));
        });
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void anOfficialCheckpointStaysBitForBit() throws Exception {
        Path source = TestModels.tinyRandom();
        Path target = dir.resolve("out");
        var written = Quantizer.official(source, target, QuantizeProgress.NONE);
        assertThat(written.copied()).isEqualTo(written.tensors()).isPositive();
        assertThat(written.bytesAfter()).isEqualTo(written.bytesBefore());
        try (var before = Checkpoint.open(source);
                var after = Checkpoint.open(target)) {
            assertSameTensors(after.tensors(), before.tensors());
        }
        for (String name : new String[] {"config.json", "tokenizer.json"}) {
            assertThat(target.resolve(name)).hasSameBinaryContentAs(source.resolve(name));
        }
    }

    @Test
    void floatsGetTheFormatsOfOfficialTensors() {
        Path target = dir.resolve("out");
        Quantizer.official(TestModels.flashTiny(), target, QuantizeProgress.NONE);
        try (var before = Checkpoint.open(TestModels.flashTiny());
                var after = Checkpoint.open(target);
                var arena = Arena.ofConfined()) {
            var config = ModelConfigs.of(after);
            assertThat(config).usingRecursiveComparison().isEqualTo(ModelConfigs.of(before));
            var old = OfficialTensors.of(before, config);
            var now = OfficialTensors.of(after, config);
            for (var planned : now.plan()) {
                if (planned.parameters()) {
                    var exact = old.weight(planned);
                    var expected = WeightEncoder.encode(
                            "w", format(planned.name()), TestModels.values(exact), exact.rows(), exact.cols(), arena);
                    assertThat(now.weight(planned).format()).as(planned.name()).isEqualTo(format(planned.name()));
                    assertThat(TestModels.values(now.weight(planned)))
                            .as(planned.name())
                            .containsExactly(TestModels.values(expected));
                } else {
                    assertThat(now.table(planned)).containsExactly(old.table(planned));
                }
            }
        }
    }

    /// The official formats by name, said in another way than in [FormatRule].
    private static Format format(String name) {
        if (name.matches(".*(hc_\\w+|attn_sink|ape|bias)")) {
            return Format.F32;
        }
        if (name.matches(".*\\.experts\\..*")) {
            return Format.F4_E2M1;
        }
        boolean dense = name.matches(".*\\.(wq_a|wq_b|wo_a|wo_b|e_proj|h_proj|attn\\.wkv)\\.weight|.*shared_experts.*");
        return dense ? Format.F8_E4M3 : Format.BF16;
    }

    @Test
    void largeCheckpointsBecomeShardsWithAnIndex() throws Exception {
        Path target = dir.resolve("out");
        new Quantizer(TargetFormat.OFFICIAL, Scales.FITTING, false, 1 << 20)
                .write(TestModels.tinyRandom(), target, QuantizeProgress.NONE);
        assertThat(target.resolve("model.safetensors")).doesNotExist();
        assertThat(target.resolve("model-00001-of-00004.safetensors")).exists();
        var index = JsonMapper.shared().readTree(target.resolve("model.safetensors.index.json"));
        try (var before = Checkpoint.open(TestModels.tinyRandom());
                var after = Checkpoint.open(target)) {
            assertSameTensors(after.tensors(), before.tensors());
            long bytes = before.tensors().values().stream()
                    .mapToLong(tensor -> tensor.data().byteSize())
                    .sum();
            assertThat(index.path("metadata").path("total_size").longValue()).isEqualTo(bytes);
        }
    }

    /// FP4 in GGUF is another packing of the same codes and scales.
    @Test
    void expertsSurviveTheWayThroughMxfp4BitForBit() {
        Path gguf = dir.resolve("model.gguf");
        Path back = dir.resolve("back");
        new Quantizer(TargetFormat.MXFP4, Scales.CLOSEST, false)
                .write(TestModels.tinyRandom(), gguf, QuantizeProgress.NONE);
        Quantizer.official(gguf, back, QuantizeProgress.NONE);
        try (var before = Checkpoint.open(TestModels.tinyRandom());
                var after = Checkpoint.open(back)) {
            var config = ModelConfigs.of(before);
            assertThat(ModelConfigs.of(after)).usingRecursiveComparison().isEqualTo(config);
            List<String> compared = new ArrayList<>();
            before.tensors().forEach((name, tensor) -> {
                if (name.contains(".experts.") || name.contains("compressor.w") || name.endsWith("_fn")) {
                    // An MTP head's hyper-connection has no place in a GGUF file.
                    if (!name.startsWith("mtp.0.hc_head")) {
                        assertThat(bytes(after.tensors().get(name))).as(name).isEqualTo(bytes(tensor));
                        compared.add(name);
                    }
                }
            });
            assertThat(compared).hasSizeGreaterThan(100);
            var tokenizer = Tokenizers.of(after, config);
            assertThat(tokenizer).isNotNull();
            assertThat(tokenizer.encode("<｜User｜>Tiefe, 深い 123"))
                    .containsExactly(Tokenizers.at(TestModels.tinyRandom()).encode("<｜User｜>Tiefe, 深い 123"));
        }
    }

    @Test
    void otherSmallFilesComeAlong() throws Exception {
        Path source = Files.createDirectory(dir.resolve("in"));
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(TestModels.flashTiny().resolve(name), source.resolve(name));
        }
        Files.writeString(source.resolve("generation_config.json"), "{}");
        Files.writeString(source.resolve("LICENSE"), "do what you like");
        Files.writeString(source.resolve("diary.txt"), "private");
        Path target = dir.resolve("out");
        Quantizer.official(source, target, QuantizeProgress.NONE);
        try (var files = Files.list(target)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors", "generation_config.json", "LICENSE");
        }
        var config = JsonMapper.shared().readTree(target.resolve("config.json"));
        var official = JsonMapper.shared().readTree(TestModels.tinyRandom().resolve("config.json"));
        for (String field : new String[] {"expert_dtype", "quantization_config"}) {
            assertThat(config.get(field)).isEqualTo(official.get(field));
        }
    }
}
