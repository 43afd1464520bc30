package ai.hadal.train.synth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Random blocks, decoded by the formats' definition.
class BlocksTest {

    private static final int ROWS = 256;
    private static final int COLS = 1024;
    private static final double DEVIATION = 1 / 45.0;

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            mode = Mode.EXCLUDE,
            names = {"F8_E8M0", "I8", "U8", "I32", "I64"})
    void haveTheirSpread(Format format) {
        var blocks = Blocks.of(format, new Spread(0, DEVIATION));
        byte[] bytes = new byte[(int) format.bytes((long) ROWS * COLS)];
        blocks.fill(new Bits(1, "w", 0), bytes, 0, bytes.length / format.blockBytes());
        double sum = 0;
        double squares = 0;
        float[] row = new float[COLS];
        try (var arena = Arena.ofConfined()) {
            var data = arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
            var weight = new Weight("w", format, ROWS, COLS, format.bytes(COLS), data, scale(format, arena));
            for (int r = 0; r < ROWS; r++) {
                WeightRows.decode(weight, r, 0, COLS, row, 0);
                for (float value : row) {
                    sum += value;
                    squares += (double) value * value;
                }
            }
        }
        int count = ROWS * COLS;
        assertThat(sum / count / DEVIATION).isCloseTo(0, within(0.05));
        assertThat(Math.sqrt(squares / count) / DEVIATION).isCloseTo(1, within(0.06));
    }

    private static @Nullable MemorySegment scale(Format format, Arena arena) {
        if (format != Format.F8_E4M3 && format != Format.F4_E2M1) {
            return null;
        }
        int count = format == Format.F8_E4M3 ? ROWS / 128 * (COLS / 128) : ROWS * COLS / 32;
        byte[] scales = new byte[count];
        var scale = Blocks.PowerScale.of(format, DEVIATION);
        for (int i = 0; i < count; i++) {
            // In turn, as the few tiles of a small matrix are no fair sample.
            scales[i] = (byte) (scale.exponent() + 127 - i % 2);
        }
        return arena.allocate(count).copyFrom(MemorySegment.ofArray(scales));
    }
}
