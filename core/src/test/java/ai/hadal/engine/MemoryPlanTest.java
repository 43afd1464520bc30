package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.Numerics;
import ai.hadal.model.PublishedConfigs;
import org.junit.jupiter.api.Test;

/// What a profile takes beside the activations is planned for.
class MemoryPlanTest {

    private static final int STEP = 512;
    private static final int CONTEXT = 4096;

    /// V4-Flash.
    private static final ModelConfig FLASH = PublishedConfigs.flash();

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
