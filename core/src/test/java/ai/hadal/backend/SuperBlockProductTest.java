package ai.hadal.backend;

import static ai.hadal.backend.BackendUnderTest.gaussian;
import static ai.hadal.backend.BackendUnderTest.rows;
import static ai.hadal.backend.BackendUnderTest.values;
import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Int8;
import ai.hadal.tensor.Iq2Xxs;
import ai.hadal.tensor.Weight;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Products of integer groups with blocks of 256 elements: the reference next to the arithmetic of each format written
/// out over fields that are packed here.
class SuperBlockProductTest {

    private static final float D = Float.float16ToFloat(Float.floatToFloat16(0.0123f));
    private static final float DMIN = Float.float16ToFloat(Float.floatToFloat16(-0.00377f));

    private final float[] codes = new float[256];
    private final float[] scales = new float[8];
    private final float[] sums = new float[4];

    private float[] input(int seed) {
        float[] x = gaussian(new Random(seed), 256);
        Int8.encode(x, 0, 256, codes, 0, scales, 0);
        return x;
    }

    /// The sum of codes times integers over elements `from .. from + n - 1`.
    private int dot(int[] integers, int from, int n) {
        int dot = 0;
        for (int k = from; k < from + n; k++) {
            dot += integers[k] * (int) codes[k];
        }
        return dot;
    }

    private static int[] ones() {
        int[] ones = new int[256];
        Arrays.fill(ones, 1);
        return ones;
    }

    private void add(int g, int integer, float scale) {
        sums[g % 4] = Math.fma(integer, scale * scales[g], sums[g % 4]);
    }

    private void check(Format format, byte[] block, float[] x) {
        var w = new Weight("w", format, 1, 256, format.blockBytes(), BackendUnderTest.bytes(block), null);
        var backend = Backends.open("reference", 1);
        var y = backend.activations(1);
        backend.linear(w, rows(backend, x, 256), InputRounding.INT8, y);
        assertThat(values(y)).containsExactly((sums[0] + sums[2]) + (sums[1] + sums[3]));
    }

    private static int[] random(Random random, int n, int bound) {
        return random.ints(n, 0, bound).toArray();
    }

    private static void half(byte[] block, int at, float value) {
        short bits = Float.floatToFloat16(value);
        block[at] = (byte) bits;
        block[at + 1] = (byte) (bits >> 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void q4(int seed) {
        var random = new Random(seed);
        int[] q = random(random, 256, 16);
        int[] scale = random(random, 8, 64);
        int[] minimum = random(random, 8, 64);
        byte[] block = new byte[144];
        half(block, 0, D);
        half(block, 2, DMIN);
        for (int j = 0; j < 4; j++) {
            block[4 + j] = (byte) (scale[j] | scale[j + 4] >> 4 << 6);
            block[8 + j] = (byte) (minimum[j] | minimum[j + 4] >> 4 << 6);
            block[12 + j] = (byte) (scale[j + 4] & 15 | minimum[j + 4] << 4);
        }
        for (int i = 0; i < 128; i++) {
            int even = 64 * (i / 32) + i % 32;
            block[16 + i] = (byte) (q[even] | q[even + 32] << 4);
        }
        float[] x = input(seed);
        for (int g = 0; g < 8; g++) {
            add(g, dot(q, 32 * g, 32), D * scale[g]);
            add(g, -dot(ones(), 32 * g, 32), DMIN * minimum[g]);
        }
        check(Format.Q4_K, block, x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void q6(int seed) {
        var random = new Random(seed);
        int[] q = random(random, 256, 64);
        int[] scale = random.ints(16, -128, 128).toArray();
        byte[] block = new byte[210];
        half(block, 208, D);
        int[] integers = new int[256];
        for (int k = 0; k < 256; k++) {
            integers[k] = q[k] - 32;
            int quarter = k % 128 / 32;
            block[64 * (k / 128) + 32 * (quarter % 2) + k % 32] |= (byte) ((q[k] & 15) << (quarter < 2 ? 0 : 4));
            block[128 + 32 * (k / 128) + k % 32] |= (byte) (q[k] >> 4 << 2 * quarter);
        }
        for (int s = 0; s < 16; s++) {
            block[192 + s] = (byte) scale[s];
        }
        float[] x = input(seed);
        for (int g = 0; g < 8; g++) {
            int low = scale[2 * g] * dot(integers, 32 * g, 16);
            int high = scale[2 * g + 1] * dot(integers, 32 * g + 16, 16);
            add(g, low + high, D);
        }
        check(Format.Q6_K, block, x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void q2(int seed) {
        var random = new Random(seed);
        int[] q = random(random, 256, 4);
        int[] scale = random(random, 16, 16);
        int[] minimum = random(random, 16, 16);
        byte[] block = new byte[84];
        half(block, 80, D);
        half(block, 82, DMIN);
        for (int s = 0; s < 16; s++) {
            block[s] = (byte) (scale[s] | minimum[s] << 4);
        }
        for (int k = 0; k < 256; k++) {
            block[16 + 32 * (k / 128) + k % 32] |= (byte) (q[k] << 2 * (k % 128 / 32));
        }
        float[] x = input(seed);
        for (int g = 0; g < 8; g++) {
            int at = 32 * g;
            add(g, scale[2 * g] * dot(q, at, 16) + scale[2 * g + 1] * dot(q, at + 16, 16), D);
            int taken = minimum[2 * g] * dot(ones(), at, 16) + minimum[2 * g + 1] * dot(ones(), at + 16, 16);
            add(g, -taken, DMIN);
        }
        check(Format.Q2_K, block, x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void iq2(int seed) {
        var random = new Random(seed);
        int[] index = random(random, 32, 256);
        int[] sign = random(random, 32, 128);
        int[] scale = random(random, 8, 16);
        byte[] block = new byte[66];
        half(block, 0, D);
        int[] integers = new int[256];
        for (int i = 0; i < 32; i++) {
            block[2 + 8 * (i / 4) + i % 4] = (byte) index[i];
            int minus = 0;
            for (int j = 0; j < 8; j++) {
                boolean isNegative = j < 7 ? (sign[i] >> j & 1) == 1 : minus % 2 == 1;
                minus += isNegative ? 1 : 0;
                integers[8 * i + j] = (isNegative ? -1 : 1) * Iq2Xxs.magnitude(index[i], j);
            }
        }
        float[] x = input(seed);
        for (int g = 0; g < 8; g++) {
            int word = scale[g] << 28;
            for (int l = 0; l < 4; l++) {
                word |= sign[4 * g + l] << 7 * l;
            }
            for (int b = 0; b < 4; b++) {
                block[6 + 8 * g + b] = (byte) (word >> 8 * b);
            }
            add(g, dot(integers, 32 * g, 32), D * (2 * scale[g] + 1) / 8);
        }
        check(Format.IQ2_XXS, block, x);
    }

    /// Codes that are the input itself and scales that are powers of two: the product by hand.
    @Test
    void aSmallOneByHand() {
        byte[] block = new byte[84];
        half(block, 80, 2f);
        half(block, 82, 0.5f);
        block[0] = 0x13; // scale 3 and minimum 1 for elements 0 to 15
        block[3] = (byte) 0xf1; // scale 1 and minimum 15 for elements 48 to 63
        block[16] = 0b10; // element 0
        block[16 + 31] = 0b1100; // element 63
        float[] x = new float[256];
        x[0] = 127f;
        x[1] = -7f;
        x[63] = -127f;
        sums[0] = 2 * 3 * 2 * 127f - 0.5f * (127 - 7);
        sums[1] = 2 * 1 * 3 * -127f - 0.5f * 15 * -127;
        check(Format.Q2_K, block, x);
    }
}
