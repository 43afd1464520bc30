package ai.hadal.train.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.engine.Tokenizers;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelWeightsLoader;
import ai.hadal.tensor.Format;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// GGUF files of a whole model.
class QuantizerGgufTest {

    @TempDir
    Path dir;

    private Path write(Path source, TargetFormat format) {
        Path target = dir.resolve(format.label() + ".gguf");
        new Quantizer(format, Scales.CLOSEST, false).write(source, target, QuantizeProgress.NONE);
        return target;
    }

    private static Format format(Checkpoint checkpoint, String tensor) {
        return checkpoint.tensors().get(tensor).format();
    }

    @Test
    void configurationAndTokenizerAreThoseOfTheOriginal() {
        try (var before = Checkpoint.open(TestModels.tinyRandom());
                var after = (GgufCheckpoint) Checkpoint.open(write(TestModels.tinyRandom(), TargetFormat.Q8_0))) {
            var config = ModelConfigs.of(before);
            assertThat(ModelConfigs.of(after)).usingRecursiveComparison().isEqualTo(config);
            var tokenizer = Tokenizers.of(after, config);
            assertThat(tokenizer).isNotNull();
            assertThat(tokenizer.size()).isEqualTo(config.vocabSize());
            String text = "<｜User｜>How deep is the sea?<think>深い";
            assertThat(tokenizer.encode(text))
                    .containsExactly(Tokenizers.at(TestModels.tinyRandom()).encode(text));
            assertThat(after.metadata().integer("deepseek4.block_count")).isEqualTo(config.layers() + 1);
            assertThat(after.metadata().integer("deepseek4.nextn_predict_layers"))
                    .isEqualTo(1);
        }
    }

    /// What other readers of the format insist on, or what choices hang on.
    @Test
    void vectorsAndTablesHaveTheTypesThatOtherReadersNeed() {
        try (var file = Checkpoint.open(write(TestModels.tinyRandom(), TargetFormat.MXFP4))) {
            assertThat(file.tensors().keySet()).noneMatch(name -> name.startsWith("mtp."));
            for (String name : new String[] {
                "output_norm.weight",
                "output_hc_fn.weight",
                "blk.0.attn_sinks.weight",
                "blk.0.hc_attn_fn.weight",
                "blk.1.attn_compressor_ape.weight",
                "blk.1.indexer_compressor_norm.weight",
                "blk.1.exp_probs_b.bias",
                "blk.3.nextn.enorm.weight"
            }) {
                assertThat(format(file, name)).as(name).isEqualTo(Format.F32);
            }
            assertThat(format(file, "blk.0.ffn_gate_tid2eid.weight")).isEqualTo(Format.I32);
            assertThat(format(file, "blk.1.ffn_gate_inp.weight")).isEqualTo(Format.BF16);
            assertThat(format(file, "blk.1.indexer.proj.weight")).isEqualTo(Format.BF16);
            assertThat(format(file, "token_embd.weight")).isEqualTo(Format.Q8_0);
            assertThat(format(file, "blk.2.ffn_down_exps.weight")).isEqualTo(Format.MXFP4);
            assertThat(file.tensors().get("blk.2.ffn_down_exps.weight").shape()).containsExactly(8, 128, 128);
            assertThat(file.tensors().get("blk.3.nextn.eh_proj.weight").shape()).containsExactly(128, 256);
        }
    }

    @Test
    void q4KNeedsRowsOf256() throws Exception {
        try (var narrow = Checkpoint.open(write(TestModels.tinyRandom(), TargetFormat.Q4_K))) {
            assertThat(format(narrow, "blk.0.ffn_up_exps.weight")).isEqualTo(Format.Q8_0);
        }
        Path target = dir.resolve("wide.gguf");
        new Quantizer(TargetFormat.Q4_K, Scales.CLOSEST, false)
                .write(TestModels.wide(dir.resolve("wide")), target, QuantizeProgress.NONE);
        try (var wide = Checkpoint.open(target)) {
            assertThat(format(wide, "blk.0.ffn_up_exps.weight")).isEqualTo(Format.Q4_K);
            assertThat(format(wide, "blk.0.attn_q_a.weight")).isEqualTo(Format.Q8_0);
            assertThat(format(wide, "blk.0.ffn_gate_inp.weight")).isEqualTo(Format.F32);
        }
    }

    /// The engine decodes Q8_0 exactly and adds up floats in one order, whatever they are stored as.
    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "MXFP4"})
    void logitsAreThoseOfTheDecodedValuesBitForBit(TargetFormat format) throws Exception {
        Path file = write(TestModels.tinyRandom(), format);
        Path config = TestModels.tinyRandom().resolve("config.json");
        Path decoded = TestModels.decoded(file, config, dir.resolve("decoded"));
        assertThat(TestModels.logits(file)).isDeepEqualTo(TestModels.logits(decoded));
    }

    @Test
    void mtpProjectionsLieSideBySide() {
        try (var before = Checkpoint.open(TestModels.tinyRandom());
                var after = Checkpoint.open(write(TestModels.tinyRandom(), TargetFormat.Q8_0))) {
            var config = ModelConfigs.of(before);
            var old = ModelWeightsLoader.load(before, config).mtp().getFirst();
            var now = ModelWeightsLoader.load(after, config).mtp().getFirst();
            assertClose(TestModels.values(now.eProj()), TestModels.values(old.eProj()));
            assertClose(TestModels.values(now.hProj()), TestModels.values(old.hProj()));
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        // The values have a deviation of 0.09; half a step of Q8_0 is at most 1/254 of a block's largest.
        assertThat(worst).isPositive().isLessThan(0.002);
    }

    @Test
    void aGgufFileCanBeTheSource() {
        Path mxfp4 = write(TestModels.tinyRandom(), TargetFormat.MXFP4);
        Path again = dir.resolve("again.gguf");
        var written =
                new Quantizer(TargetFormat.MXFP4, Scales.CLOSEST, false).write(mxfp4, again, QuantizeProgress.NONE);
        assertThat(written.bytesAfter()).isEqualTo(written.bytesBefore());
        assertThat(again).hasSameBinaryContentAs(mxfp4);
    }

    @Test
    void progressEndsWithAllBytes() {
        long[] last = new long[2];
        var written = new Quantizer(TargetFormat.Q8_0, Scales.CLOSEST, false)
                .write(TestModels.flashTiny(), dir.resolve("out.gguf"), (done, total) -> {
                    assertThat(done).isGreaterThanOrEqualTo(last[0]);
                    last[0] = done;
                    last[1] = total;
                });
        assertThat(last).containsExactly(written.bytesAfter(), written.bytesAfter());
    }
}
