package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.Backends;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.disk.Paging;
import ai.hadal.backend.topology.CpuBinding;
import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.testing.Goldens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reading ahead changes no bit, however much memory it believes in.
class LargerThanMemoryTest {

    private static final int PROMPT = 60;
    private static final int DECODED = 12;

    @ParameterizedTest
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @CsvSource({"1, 4096", "4096, 131072", "1000000, 8388608", "1000000000000, 131072"})
    void logitsAreTheSame(long cacheBytes, long pieceBytes) {
        assertThat(logits(new Paging(cacheBytes, pieceBytes))).isDeepEqualTo(logits(null));
    }

    private static float[][] logits(@Nullable Paging paging) {
        try (var checkpoint = Checkpoint.open(Goldens.resource("flash-tiny"))) {
            var config = ModelConfigs.of(checkpoint);
            var weights = ModelWeightsLoader.load(checkpoint, config);
            int[] ids =
                    new Random(1).ints(PROMPT + DECODED, 0, config.vocabSize()).toArray();
            var rows = new ArrayList<float[]>();
            try (var model =
                    new Model(config, weights, Backends.open("cpu", 2, CpuBinding.NODE, paging), Numerics.F32)) {
                assertThat(model.backend().description(InputRounding.NONE).contains("read ahead"))
                        .isEqualTo(paging != null);
                var sequence = model.newSequence();
                for (int from = 0; from < ids.length; ) {
                    int count = from == 0 ? PROMPT : 1;
                    int[] part = Arrays.copyOfRange(ids, from, from + count);
                    var step = model.step(List.of(new Chunk(sequence, part, Chunk.Logits.ALL)));
                    for (int r = 0; r < step.rows(); r++) {
                        float[] row = new float[config.vocabSize()];
                        step.logits(r, row);
                        rows.add(row);
                    }
                    from += count;
                }
            }
            return rows.toArray(float[][]::new);
        }
    }
}
