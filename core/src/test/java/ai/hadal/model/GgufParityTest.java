package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.backend.Backends;
import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.testing.Goldens;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A GGUF file (MXFP4 experts, Q8_0 and F16 rest) against what another engine computes on the very same weights.
///
/// That engine rounds activations to int8 wherever a weight is quantised, which moves these logits by 3 % of their
/// size: run token by token instead of at once, it agrees with its own recorded logits at 334 of 400 positions
/// only. So there are two references. With all weights widened to F32 (exactly) and an F32 cache it has no such
/// rounding: its most likely tokens are held to the strict bound. Its recorded int8 logits are held to what int8
/// leaves.
class GgufParityTest {

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void theMostLikelyTokenAgrees(String backend) throws IOException {
        var file = Goldens.shared("gguf/tiny-mxfp4.gguf");
        assumeTrue(file.isPresent(), "the GGUF golden is not beside this repository");
        var recorded = floats(file.get().resolveSibling("tiny-mxfp4.logits.f32"));
        var tokens = bytes(file.get().resolveSibling("tiny-mxfp4.logits.f32.tok"));
        int[] ids = new int[tokens.remaining() / 4];
        tokens.asIntBuffer().get(ids);
        int[] wide = Arrays.stream(Files.readString(Goldens.resource("gguf/tiny-mxfp4.top1-f32.txt"))
                        .trim()
                        .split("\\s+"))
                .mapToInt(Integer::parseInt)
                .toArray();
        assertThat(wide).hasSameSizeAs(ids);

        try (var checkpoint = Checkpoint.open(file.get())) {
            var config = ModelConfigs.of(checkpoint);
            var weights = ModelWeightsLoader.load(checkpoint, config);
            try (var model = new Model(config, weights, Backends.open(backend, 2), Numerics.F32_QAT_OFF)) {
                var step = model.step(List.of(new Chunk(model.newSequence(), ids, Chunk.Logits.ALL)));
                int withWide = 0;
                int withInt8 = 0;
                float[] row = new float[config.vocabSize()];
                for (int r = 0; r < ids.length; r++) {
                    step.logits(r, row);
                    int best = argmax(row, 0, row.length);
                    withWide += best == wide[r] ? 1 : 0;
                    withInt8 += best == argmax(recorded, r * row.length, row.length) ? 1 : 0;
                }
                System.out.println("GGUF top-1 agreement, " + backend + ": " + withWide + " of " + ids.length
                        + " with F32 activations, " + withInt8 + " with int8 activations");
                assertThat(withWide).isGreaterThanOrEqualTo((int) Math.ceil(0.97 * ids.length));
                assertThat(withInt8).isGreaterThanOrEqualTo((int) Math.ceil(0.8 * ids.length));
            }
        }
    }

    private static int argmax(float[] values, int offset, int n) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            best = values[offset + i] > values[offset + best] ? i : best;
        }
        return best;
    }

    private static float[] floats(Path file) throws IOException {
        var buffer = bytes(file).asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static ByteBuffer bytes(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
