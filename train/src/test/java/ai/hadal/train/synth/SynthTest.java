package ai.hadal.train.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelProblems;
import ai.hadal.model.ModelSize;
import ai.hadal.train.check.TinyConfig;
import ai.hadal.train.quantize.QuantizeProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynthTest {

    private static final int VOCABULARY = 512;

    @TempDir
    private Path dir;

    private final String config = TinyConfig.of(VOCABULARY)
            .put("hidden_size", 256)
            .put("moe_intermediate_size", 256)
            .toString();

    private Path written(SynthFormat format, long seed, String name) {
        Path target = dir.resolve(format.isGguf() ? name + ".gguf" : name);
        new Synth(format, seed, null, true).write(config, "config.json", target, QuantizeProgress.NONE);
        return target;
    }

    @ParameterizedTest
    @EnumSource(SynthFormat.class)
    void isAModelThatRunsCalmly(SynthFormat format) {
        Path model = written(format, 3, "model");
        try (var checkpoint = Checkpoint.open(model)) {
            var shape = ModelConfigs.of(checkpoint);
            assertThat(shape.mtpLayers()).isOne();
            assertThat(ModelProblems.headers(checkpoint, shape)).isEmpty();
            assertThat(ModelProblems.contents(checkpoint, shape, (done, total) -> {}))
                    .isEmpty();
        }
        int[] ids = new Random(1).ints(150, 2, VOCABULARY).toArray();
        try (var engine =
                Engine.open(model, EngineOptions.defaults().withThreads(1).withContextLength(256))) {
            float[][] logits = engine.newSession().logits(ids);
            for (int row : new int[] {0, 70, 149}) {
                double squares = 0;
                for (float logit : logits[row]) {
                    squares += (double) logit * logit;
                }
                assertThat(Math.sqrt(squares / VOCABULARY)).isCloseTo(2, within(0.5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SynthFormat.class,
            names = {"OFFICIAL", "MXFP4"})
    void theSameSeedGivesTheSameFile(SynthFormat format) throws Exception {
        Path[] models = {written(format, 3, "a"), written(format, 3, "b"), written(format, 4, "c")};
        for (int i = 0; i < models.length && !format.isGguf(); i++) {
            models[i] = models[i].resolve("model.safetensors");
        }
        assertThat(Files.mismatch(models[0], models[1])).isEqualTo(-1);
        assertThat(Files.mismatch(models[0], models[2])).isPositive();
    }

    @ParameterizedTest
    @EnumSource(SynthPreset.class)
    void presetsHaveTheSizeTheySay(SynthPreset preset) {
        var shape = ModelConfigs.ofText(Path.of(preset.label()), preset.config());
        double billions = ModelSize.parameters(shape).total() / 1e9;
        assertThat(billions).isCloseTo(preset == SynthPreset.MID ? 4.5 : 27.6, within(0.5));
        assertThat(SynthPreset.named(preset.label())).isEqualTo(preset);
    }

    @Test
    void whatCannotBeWrittenIsSaidBefore() throws Exception {
        Path there = Files.writeString(dir.resolve("there.gguf"), "mine");
        assertRefused(config, null, there, "there.gguf exists already", "--force");
        assertRefused(config, null, dir.resolve("folder"), "does not end in .gguf");
        assertRefused(
                config.replace("\"hidden_size\":256", "\"hidden_size\":\"wide\""),
                null,
                dir.resolve("x.gguf"),
                "shape.json",
                "hidden_size");
        assertRefused("[]", null, dir.resolve("x.gguf"), "shape.json");
        Path tokenizer = TinyConfig.inRepository("models/nano/tokenizer.json");
        assertRefused(config, tokenizer, dir.resolve("x.gguf"), "tokenizer.json has", "but the model only 512");
        try (var files = Files.list(dir)) {
            assertThat(files).containsExactly(there);
        }
        assertThat(there).hasContent("mine");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> SynthPreset.named("large"))
                .withMessageContaining("choose mid, slice");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> SynthFormat.named("q5_k"))
                .withMessageContaining("iq2_xxs");
    }

    private static void assertRefused(String config, @Nullable Path tokenizer, Path target, String... parts) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> new Synth(SynthFormat.MXFP4, 1, tokenizer, false)
                        .write(config, "shape.json", target, QuantizeProgress.NONE))
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }
}
