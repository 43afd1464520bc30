package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufBuilder;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.F16;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import ai.hadal.testing.Goldens;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same small model from safetensors and from every layout of GGUF.
class GgufModelTest {

    @TempDir
    Path dir;

    private static Checkpoint original;
    private static ModelConfig config;
    private static Map<String, float[]> expected;

    @BeforeAll
    static void load() {
        original = Checkpoint.open(Goldens.resource("flash-tiny"));
        config = ModelConfigs.of(original);
        expected = new LinkedHashMap<>();
        FlatWeights.of(ModelWeightsLoader.load(original, config), config).forEach((path, values) -> {
            // What the files keep as F16.
            boolean half = path.endsWith(".fn") || path.endsWith(".ape");
            expected.put(path, half ? half(values) : values);
        });
    }

    @AfterAll
    static void close() {
        original.close();
    }

    private static float[] half(float[] values) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = F16.decode(F16.encode(values[i]));
        }
        return out;
    }

    private GgufFromHuggingFace gguf() {
        return new GgufFromHuggingFace(original.tensors(), config);
    }

    private Path write(GgufFromHuggingFace gguf) {
        return gguf.writer().writeTo(dir.resolve("model.gguf"));
    }

    private static void assertSame(ModelWeights actual, ModelConfig actualConfig, Map<String, float[]> expected) {
        FlatWeights.assertSame(FlatWeights.of(actual, actualConfig), expected);
    }

    @Test
    void mtpAsTheBlockAfterTheMainOnes() {
        Path file = write(gguf().metadata(config.layers() + 1).mainModel().nextn(GgufBuilder.F32));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            ModelConfig read = ModelConfigs.of(checkpoint);
            assertThat(read).usingRecursiveComparison().isEqualTo(config);
            // Such a file has one head hyper-connection for both.
            Map<String, float[]> shared = new LinkedHashMap<>(expected);
            for (String part : new String[] {"fn", "base", "scale"}) {
                shared.put("model.mtp[0].hcHead." + part, expected.get("model.hcHead." + part));
            }
            assertSame(ModelWeightsLoader.load(checkpoint, read), read, shared);
        }
    }

    @Test
    void theHalvesOfAQuantisedProjectionAreColumnSlices() {
        Path file = write(gguf().metadata(config.layers() + 1).mainModel().nextn(GgufBuilder.Q8_0));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            ModelWeights.Mtp mtp = ModelWeightsLoader.load(checkpoint, ModelConfigs.of(checkpoint))
                    .mtp()
                    .getFirst();
            Weight h = mtp.hProj();
            assertThat(h.format()).isEqualTo(Format.Q8_0);
            assertThat(h.rowStride()).isEqualTo(Format.Q8_0.bytes(2L * config.hiddenSize()));
            float[] exact = expected.get("model.mtp[0].hProj");
            float[] decoded = FlatWeights.decode(h);
            float worst = 0;
            for (int i = 0; i < exact.length; i++) {
                worst = Math.max(worst, Math.abs(decoded[i] - exact[i]));
            }
            assertThat(worst).isPositive().isLessThan(0.01f);
        }
    }

    @Test
    void mtpUnderItsOwnNamesInAFileOfItsOwn() {
        Path main = write(gguf().metadata(config.layers()).mainModel());
        Path mtpFile = gguf().separateMtp().writer().writeTo(dir.resolve("mtp.gguf"));
        try (Checkpoint checkpoint = Checkpoint.open(main);
                GgufCheckpoint mtp = (GgufCheckpoint) Checkpoint.open(mtpFile)) {
            ModelConfig read = ModelConfigs.of(checkpoint, mtp);
            assertThat(read).usingRecursiveComparison().isEqualTo(config);
            assertSame(ModelWeightsLoader.load(checkpoint, mtp, read), read, expected);
            assertThat(ModelSize.stored(checkpoint, mtp, read).total()).isEqualTo(bytes(checkpoint) + bytes(mtp));
        }
    }

    @Test
    void mtpAsABlockInAFileOfItsOwnBringsItsHead() {
        Path main = write(gguf().metadata(config.layers()).mainModel());
        Path mtpFile = gguf().root("mtp.0.").nextn(GgufBuilder.F32).writer().writeTo(dir.resolve("mtp.gguf"));
        try (Checkpoint checkpoint = Checkpoint.open(main);
                GgufCheckpoint mtp = (GgufCheckpoint) Checkpoint.open(mtpFile)) {
            ModelConfig read = ModelConfigs.of(checkpoint, mtp);
            assertSame(ModelWeightsLoader.load(checkpoint, mtp, read), read, expected);
        }
    }

    @Test
    void withoutMtp() {
        Path file = write(gguf().metadata(config.layers()).mainModel());
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            ModelConfig read = ModelConfigs.of(checkpoint);
            assertThat(read.mtpLayers()).isZero();
            assertThat(read.compressRatios()).hasSize(config.layers());
            assertThat(ModelWeightsLoader.load(checkpoint, read).mtp()).isEmpty();
            assertThat(ModelSize.stored(checkpoint, read).total()).isEqualTo(bytes(checkpoint));
        }
    }

    private static long bytes(Checkpoint checkpoint) {
        return checkpoint.tensors().values().stream()
                .map(Tensor::data)
                .mapToLong(java.lang.foreign.MemorySegment::byteSize)
                .sum();
    }

    private void assertRefused(GgufFromHuggingFace gguf, String... parts) {
        Path file = write(gguf);
        ThrowingCallable load = () -> {
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                ModelWeightsLoader.load(checkpoint, ModelConfigs.of(checkpoint));
            }
        };
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(load)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).contains(file.toString()));
    }

    @Test
    void tensorsOfTypesThatAreNotRead() {
        GgufFromHuggingFace gguf = gguf().metadata(config.layers());
        gguf.writer().describe("token_embd.weight", 13, 0, config.vocabSize(), 256);
        assertRefused(gguf.withoutEmbedding(), "token_embd.weight", "Q5_K", "IQ2_XXS");
    }

    @Test
    void wrongMetadataIsNamed() {
        GgufFromHuggingFace foreign = gguf();
        foreign.writer().string("general.architecture", "ll\u001b\nama");
        assertRefused(foreign, "general.architecture is ll??ama", "deepseek4 is needed");
        GgufFromHuggingFace grouped = gguf().metadata(config.layers());
        grouped.writer().u32("deepseek4.expert_group_count", 8);
        assertRefused(grouped, "deepseek4.expert_group_count is 8");
        GgufFromHuggingFace clamps = gguf().metadata(config.layers());
        clamps.writer().f32s("deepseek4.swiglu_clamp_shexp", 1, 2);
        assertRefused(clamps, "deepseek4.swiglu_clamp_shexp is an array of 2 entries", "7 blocks");
        GgufFromHuggingFace nan = gguf().metadata(config.layers());
        nan.writer().f32("deepseek4.swiglu_clamp_shexp", Float.NaN);
        assertRefused(nan, "deepseek4.swiglu_clamp_shexp is NaN");
        assertRefused(gguf().metadata(config.layers() + 2), "attention.compress_ratios", "9 blocks");
        GgufFromHuggingFace empty = gguf();
        assertRefused(empty, "no metadata general.architecture");
    }

    @Test
    void missingTensorsAreCounted() {
        assertRefused(gguf().metadata(config.layers()), "lacks", "tensors", "embed.weight");
    }

    @Test
    void aModelThatAnotherEngineWrote() {
        Path file = Goldens.shared("gguf/tiny-mxfp4.gguf").orElse(null);
        assumeTrue(file != null, "needs the shared golden files");
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            ModelConfig read = ModelConfigs.of(checkpoint);
            assertThat(read.layers()).isEqualTo(4);
            assertThat(read.mtpLayers()).isZero();
            assertThat(read.compressRatios()).containsExactly(0, 4, 128, 4);
            assertThat(read.vocabSize()).isEqualTo(2048);
            assertThat(read.yarn()).isEqualTo(new ModelConfig.Yarn(16, 65536, 32, 1));
            assertThat(read.sharedSwigluLimits()).containsExactly(10, 10, 10, 10);
            assertThat(read.rmsNormEps()).isEqualTo(1e-6f);
            ModelWeights weights = ModelWeightsLoader.load(checkpoint, read);
            Weight down = weights.layers().get(3).moe().experts().get(7).w2();
            assertThat(down.format()).isEqualTo(Format.MXFP4);
            byte[] stacked = Goldens.bytes(
                    checkpoint.tensors().get("blk.3.ffn_down_exps.weight").data());
            assertThat(Goldens.bytes(down.data()))
                    .isEqualTo(Arrays.copyOfRange(stacked, stacked.length / 8 * 7, stacked.length));
            assertThat(weights.layers().get(0).moe().bias()).isNull();
            assertThat(weights.layers().get(0).moe().hash()).isNotNull();
            assertThat(weights.layers().get(1).moe().bias()).hasSize(8);
            assertThat(weights.layers().get(2).attention().compressor().ape()).hasSize(128 * 128);
            assertThat(ModelProblems.contents(checkpoint, read, (done, total) -> {}))
                    .isEmpty();
            ModelSize.Stored stored = ModelSize.stored(checkpoint, read);
            assertThat(stored.total()).isEqualTo(bytes(checkpoint));
            assertThat(stored.byFormat()).containsKeys(Format.MXFP4, Format.Q8_0, Format.F32, Format.F16, Format.I32);
        }
    }
}
