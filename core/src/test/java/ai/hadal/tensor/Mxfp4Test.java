package ai.hadal.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The two packings of FP4, and the choice of scales.
class Mxfp4Test {

    @Test
    void pairsBecomeABlockAndPairsAgainBitForBit() {
        byte[] codes = new byte[16];
        new Random(3).nextBytes(codes);
        var pairs = MemorySegment.ofArray(codes);
        var block = MemorySegment.ofArray(new byte[17]);
        Mxfp4.fromPairs(pairs, 0, (byte) 120, block, 0);
        var back = MemorySegment.ofArray(new byte[16]);
        Mxfp4.toPairs(block, 0, back, 0);
        assertThat(back.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(codes);
        assertThat(block.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 120);

        float[] fromBlock = new float[32];
        Mxfp4.decode(block, 0, fromBlock, 0);
        float[] fromPairs = new float[32];
        var weight = new Weight("w", Format.F4_E2M1, 1, 32, 16, pairs, MemorySegment.ofArray(new byte[] {120}));
        WeightRows.decode(weight, 0, 0, 32, fromPairs, 0);
        assertThat(fromBlock).containsExactly(fromPairs);
    }

    @Test
    void theClosestScaleMayCutTheLargestNumber() {
        float[] values = new float[32];
        for (int i = 0; i < 32; i++) {
            values[i] = 0.5f * (i % 4);
        }
        // Fits only with a scale of 2, which halves the resolution of all others.
        values[0] = 6.5f;
        assertThat(E8m0.decode(Mxfp4.blockScale(values, 0))).isEqualTo(2f);
        assertThat(E8m0.decode(Mxfp4.bestScale(values, 0))).isEqualTo(1f);
        values[0] = 12f;
        assertThat(E8m0.decode(Mxfp4.bestScale(values, 0))).isEqualTo(2f);
    }

    @Test
    void encodingWhatWasDecodedKeepsTheValues() {
        var random = new Random(5);
        float[] values = new float[32 * 100];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        float[] once = closest(values);
        assertThat(closest(once)).containsExactly(once);
    }

    private static float[] closest(float[] values) {
        try (var arena = Arena.ofConfined()) {
            var weight = WeightEncoder.encodeClosest("w", Format.F4_E2M1, values, 1, values.length, arena);
            float[] decoded = new float[values.length];
            WeightRows.decode(weight, 0, 0, values.length, decoded, 0);
            for (int i = 0; i < decoded.length; i++) {
                decoded[i] += 0f;
            }
            return decoded;
        }
    }
}
