package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.Numerics;
import org.junit.jupiter.api.Test;

/// What a profile takes beside the activations is planned for.
class MemoryPlanTest {

    private static final int STEP = 512;
    private static final int CONTEXT = 4096;

    /// V4-Flash.
    private static final ModelConfig FLASH = flash();

    private static ModelConfig flash() {
        int[] ratios = new int[43];
        for (int l = 2; l < ratios.length; l++) {
            ratios[l] = l % 2 == 0 ? 4 : 128;
        }
        float[] limits = new float[ratios.length];
        return new ModelConfig(
                4096,
                ratios.length,
                0,
                0,
                ratios,
                64,
                512,
                64,
                1024,
                8,
                1024,
                128,
                64,
                128,
                512,
                256,
                6,
                2048,
                1.5f,
                limits,
                limits,
                4,
                20,
                1e-6f,
                1e-6f,
                10_000,
                160_000,
                new ModelConfig.Yarn(16, 65536, 32, 1),
                129_280,
                1 << 20,
                0,
                1);
    }

    private static long stepBytes(Numerics numerics, int step) {
        return MemoryPlan.of(FLASH, numerics, CONTEXT, step).stepBytes();
    }

    /// A float for each element of the heads' output (64 of 512), of the experts' input (4096) and of their hidden rows
    /// (7 of 2048), and one for each group of 32.
    @Test
    void integersOfInputs() {
        long elements = 64 * 512 + 4096 + 7 * 2048;
        assertThat(stepBytes(Numerics.INT8, STEP) - stepBytes(Numerics.F32, STEP))
                .isEqualTo(STEP * 4 * (elements + elements / 32))
                .isGreaterThan(stepBytes(Numerics.F32, STEP) / 5);
    }

    /// The widest that the official kernels round is the input of the last output projection: 8 groups of 1024.
    @Test
    void roundedInputs() {
        assertThat(stepBytes(Numerics.F32_QAT_FULL, STEP) - stepBytes(Numerics.F32, STEP))
                .isEqualTo(STEP * 4 * 8 * 1024L);
    }

    @Test
    void aServerLeavesRoomForThem() {
        long exact = MemoryPlan.sequenceBytes(FLASH, Numerics.F32, CONTEXT, STEP, 0);
        long integers = MemoryPlan.sequenceBytes(FLASH, Numerics.INT8, CONTEXT, STEP, 0);
        assertThat(exact - integers).isEqualTo(stepBytes(Numerics.INT8, STEP) - stepBytes(Numerics.F32, STEP));
    }
}
