package ai.hadal.train.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.error.HadalException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How far formats move a model's predictions.
class DivergenceTest {

    @TempDir
    Path dir;

    private Divergence measured(Path source, TargetFormat format, int tokens) {
        Path target = dir.resolve(format.isGguf() ? format.label() + ".gguf" : format.label());
        new Quantizer(format, Scales.CLOSEST, false).write(source, target, QuantizeProgress.NONE);
        return Divergence.measure(source, target, tokens, null, Divergence.Progress.NONE);
    }

    @Test
    void ofTwoDistributions() {
        float[] even = {0, 0};
        float[] three = {(float) Math.log(3), 0};
        // 1/2 ln(1/2 / 3/4) + 1/2 ln(1/2 / 1/4), and the other way round 3/4 ln(3/2) + 1/4 ln(1/2).
        assertThat(Divergence.divergence(even, three)).isCloseTo(0.5 * Math.log(4 / 3.0), within(1e-7));
        assertThat(Divergence.divergence(three, even))
                .isCloseTo(0.75 * Math.log(1.5) - 0.25 * Math.log(2), within(1e-7));
        assertThat(Divergence.divergence(new float[] {100, 101}, new float[] {-3, -2}))
                .isCloseTo(0, within(1e-9));
        assertThat(Divergence.divergence(even, new float[] {Float.NaN, 0})).isNaN();
    }

    @Test
    void aModelIsNoWayFromItself() {
        var same = Divergence.measure(
                TestModels.tinyRandom(), TestModels.tinyRandom(), 40, null, Divergence.Progress.NONE);
        assertThat(same.tokens()).isEqualTo(40);
        assertThat(same.mean()).isZero();
        assertThat(same.max()).isZero();
        assertThat(same.agreement()).isEqualTo(1);
    }

    /// Measured: Q8_0 0.0039, experts in Q4_K 0.0113, in MXFP4 0.0225, official 0.0357 nats.
    @Test
    @Tag("slow")
    void fewerBitsAreFurtherAway() throws Exception {
        Path source = TestModels.wide(dir.resolve("wide"));
        double q8 = measured(source, TargetFormat.Q8_0, 48).mean();
        double q4 = measured(source, TargetFormat.Q4_K, 48).mean();
        double mxfp4 = measured(source, TargetFormat.MXFP4, 48).mean();
        double official = measured(source, TargetFormat.OFFICIAL, 48).mean();
        assertThat(q8).isPositive().isLessThan(0.008).isLessThan(q4);
        assertThat(q4).isLessThan(0.02).isLessThan(mxfp4);
        assertThat(mxfp4).isLessThan(0.04).isLessThan(official);
        assertThat(official).isLessThan(0.06);
    }

    @Test
    void onTextOfAFile() throws Exception {
        Path text = Files.writeString(dir.resolve("text.txt"), "How deep is the sea? ".repeat(20));
        var some = Divergence.measure(
                TestModels.tinyRandom(), TestModels.tinyRandom(), 16, text, Divergence.Progress.NONE);
        assertThat(some.tokens()).isEqualTo(16);
        assertThat(some.text()).isEqualTo(text.toString());
        Path empty = Files.writeString(dir.resolve("empty.txt"), "");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> Divergence.check(TestModels.tinyRandom(), empty))
                .withMessageContaining("empty.txt holds no text");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> Divergence.check(TestModels.flashTiny(), text))
                .withMessageContaining("tokenizer");
    }

    @Test
    void modelsOfDifferentVocabulariesAreNotCompared() {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> Divergence.measure(
                        TestModels.tinyRandom(), TestModels.flashTiny(), 4, null, Divergence.Progress.NONE))
                .withMessageContaining("2048 tokens")
                .withMessageContaining("512");
    }
}
