package ai.hadal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.hadal.checkpoint.SafetensorsFile;
import ai.hadal.testing.Goldens;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The scalar formats and the rounding of activations, against vectors of the reference.
class NumberFormatsTest {

    private static SafetensorsFile units;

    @BeforeAll
    static void open() {
        units = SafetensorsFile.open(Goldens.resource("units/units.safetensors"));
    }

    @AfterAll
    static void close() {
        units.close();
    }

    private static float[] floats(String name) {
        return Goldens.floats(units.tensor(name).data());
    }

    private static byte[] bytes(String name) {
        return Goldens.bytes(units.tensor(name).data());
    }

    /// Equal bit for bit, but for the many patterns of NaN.
    private static void assertSameBits(float[] actual, float[] expected) {
        assertThat(IntStream.range(0, expected.length).map(i -> Float.floatToIntBits(actual[i])))
                .containsExactlyElementsOf(IntStream.range(0, expected.length)
                        .map(i -> Float.floatToIntBits(expected[i]))
                        .boxed()
                        .toList());
        assertThat(actual).hasSameSizeAs(expected);
    }

    @Test
    void e4m3DecodesEveryCode() {
        float[] actual = new float[256];
        for (int code = 0; code < 256; code++) {
            actual[code] = E4m3.decode((byte) code);
        }
        assertSameBits(actual, floats("fmt/e4m3_decode"));
        assertThat(E4m3.decode((byte) 0x7f)).isNaN();
        assertThat(E4m3.decode((byte) 0xff)).isNaN();
        assertThat(E4m3.decode((byte) 0x7e)).isEqualTo(448f);
    }

    @Test
    void e4m3EncodesToTheNearestCode() {
        float[] in = floats("fmt/e4m3_in");
        byte[] codes = bytes("fmt/e4m3_code");
        byte[] actual = new byte[in.length];
        float[] rounded = new float[in.length];
        for (int i = 0; i < in.length; i++) {
            actual[i] = E4m3.encode(in[i]);
            rounded[i] = E4m3.decode(actual[i]);
        }
        assertThat(actual).isEqualTo(codes);
        assertSameBits(rounded, floats("fmt/e4m3_rounded"));
    }

    @ParameterizedTest
    @CsvSource({
        "464, 126",
        "465, 126",
        "Infinity, 126",
        "-Infinity, 254",
        "NaN, 127",
        "0.0009765625, 0",
        "0.0009765626, 1",
        "0.0029296875, 2",
        "-0.0, 128",
        "1.4E-45, 0",
        "1.0625, 56",
        "1.1875, 58"
    })
    void e4m3EdgesSaturateAndTieToEven(float value, int code) {
        assertThat(E4m3.encode(value)).isEqualTo((byte) code);
    }

    @Test
    void e2m1MatchesTheReference() {
        float[] decoded = floats("fmt/e2m1_decode");
        for (int code = 0; code < 16; code++) {
            assertThat(E2m1.decode(code)).isEqualTo(decoded[code]);
            assertThat(E2m1.encode(decoded[code])).isEqualTo(code);
        }
        float[] in = floats("fmt/e2m1_in");
        byte[] codes = bytes("fmt/e2m1_code");
        for (int i = 0; i < in.length; i++) {
            assertThat(E2m1.encode(in[i])).as("e2m1 of %s", in[i]).isEqualTo(codes[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.25, 0", "0.75, 2", "1.25, 2", "1.75, 4", "2.5, 4", "3.5, 6", "5, 6", "7, 7", "-0.25, 8", "-9, 15"})
    void e2m1TiesGoToTheEvenCode(float value, int code) {
        assertThat(E2m1.encode(value)).isEqualTo(code);
    }

    @Test
    void e8m0IsAPowerOfTwo() {
        for (int e = 0; e < 255; e++) {
            float expected = (float) Math.pow(2, e - 127);
            assertThat(E8m0.decode((byte) e)).isEqualTo(expected);
            assertThat(E8m0.encodeCeil(expected)).isEqualTo((byte) e);
            if (e > 0) {
                assertThat(E8m0.encodeCeil(Math.nextDown(expected))).isEqualTo((byte) e);
            }
            if (e < 254) {
                assertThat(E8m0.encodeCeil(Math.nextUp(expected))).isEqualTo((byte) (e + 1));
            }
        }
        assertThat(E8m0.decode((byte) 255)).isNaN();
        assertThat(E8m0.encodeCeil(0f)).isZero();
        assertThat(E8m0.encodeCeil(Float.MAX_VALUE)).isEqualTo((byte) 254);
        assertThatIllegalArgumentException().isThrownBy(() -> E8m0.encodeCeil(Float.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> E8m0.encodeCeil(-1f));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 16256",
        "-2.5, -16352",
        "1.00390625, 16256",
        "1.01171875, 16258",
        "3.4028235E38, 32640",
        "Infinity, 32640"
    })
    void bf16RoundsToTheNearestEven(float value, int code) {
        assertThat(Bf16.encode(value)).isEqualTo((short) code);
    }

    @Test
    void sixteenBitCodesSurviveARoundTrip() {
        for (int code = 0; code < 1 << 16; code++) {
            float bf16 = Bf16.decode((short) code);
            if (!Float.isNaN(bf16)) {
                assertThat(Bf16.encode(bf16)).isEqualTo((short) code);
            } else {
                assertThat(Bf16.decode(Bf16.encode(bf16))).isNaN();
            }
            float f16 = F16.decode((short) code);
            if (!Float.isNaN(f16)) {
                assertThat(F16.encode(f16)).isEqualTo((short) code);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 448", "128, 512"})
    void fp8ActivationRounding(int group, int width) {
        String name = "act_quant_fp8/b" + group;
        float[] x = floats(name + "/in");
        float[] scales = floats(name + "/scale");
        for (int g = 0; g < x.length / group; g++) {
            float amax = 0;
            for (int i = g * group; i < (g + 1) * group; i++) {
                amax = Math.max(amax, Math.abs(x[i]));
            }
            assertThat(ActivationRounding.fp8Scale(amax)).isEqualTo(scales[g]);
        }
        for (int row = 0; row < x.length / width; row++) {
            ActivationRounding.fp8(x, row * width, width, group);
        }
        assertSameBits(x, floats(name + "/out"));
    }

    @Test
    void fp4ActivationRounding() {
        float[] x = floats("act_quant_fp4/b32/in");
        float[] scales = floats("act_quant_fp4/b32/scale");
        for (int g = 0; g < x.length / 32; g++) {
            float amax = 0;
            for (int i = g * 32; i < (g + 1) * 32; i++) {
                amax = Math.max(amax, Math.abs(x[i]));
            }
            assertThat(ActivationRounding.fp4Scale(amax)).isEqualTo(scales[g]);
        }
        for (int row = 0; row < x.length / 128; row++) {
            ActivationRounding.fp4(x, row * 128, 128);
        }
        assertSameBits(x, floats("act_quant_fp4/b32/out"));
    }

    @Test
    void anAllZeroGroupTakesTheFloorsScale() {
        assertThat(ActivationRounding.fp8Scale(0f)).isEqualTo(0x1p-22f);
        assertThat(ActivationRounding.fp4Scale(0f)).isEqualTo(0x1p-126f);
    }

    @Test
    void aGroupWithoutAFiniteScaleBecomesNaN() {
        float[] x = {1f, Float.NaN, 2f, Float.POSITIVE_INFINITY, 5f};
        ActivationRounding.fp8(x, 0, 5, 2);
        assertThat(x).containsExactly(Float.NaN, Float.NaN, Float.NaN, Float.NaN, 5f);
    }

    @Test
    void roundingLeavesTheRestOfTheArrayAlone() {
        float[] x = {0.3f, 0.3f, 0.3f, 0.3f};
        ActivationRounding.fp4(x, 1, 2);
        assertThat(x[0]).isEqualTo(0.3f);
        assertThat(x[1]).isEqualTo(0.25f);
        assertThat(x[2]).isEqualTo(0.25f);
        assertThat(x[3]).isEqualTo(0.3f);
    }
}
