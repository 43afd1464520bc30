package ai.hadal.backend;

import static ai.hadal.backend.BackendUnderTest.gaussian;
import static ai.hadal.backend.BackendUnderTest.rows;
import static ai.hadal.backend.BackendUnderTest.values;
import static ai.hadal.backend.BackendUnderTest.weight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The cpu backend gives the reference's bits, over odd sizes, every stored format and extreme values.
class BackendEqualityTest {

    private static final Backend REFERENCE = Backends.open("reference", 1);
    private static final Backend CPU = Backends.open("cpu", 3);

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static void assertSameBits(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Float.floatToIntBits(actual[i]))
                    .as("element %d: %s and %s", i, actual[i], expected[i])
                    .isEqualTo(Float.floatToIntBits(expected[i]));
        }
    }

    private static void assertSameProducts(Weight w, float[] x, InputRounding rounding) {
        var expected = REFERENCE.activations(w.rows());
        REFERENCE.linear(w, rows(REFERENCE, x, w.cols()), rounding, expected);
        var actual = CPU.activations(w.rows());
        CPU.linear(w, rows(CPU, x, w.cols()), rounding, actual);
        assertSameBits(values(actual), values(expected));
    }

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"F32", "F16", "BF16", "F8_E4M3", "F4_E2M1", "Q8_0", "MXFP4", "Q4_K", "Q6_K", "Q2_K", "IQ2_XXS"})
    void products(Format format) {
        var random = new Random(format.ordinal());
        int block = format == Format.F4_E2M1 ? 32 : format.blockElements();
        int[] cols = block == 1
                ? new int[] {1, 7, 16, 33, 130, 300, 384}
                : new int[] {block, 3 * block, 8 * block, 20 * block};
        for (int k : cols) {
            for (int rows : new int[] {1, 3, 8, 133}) {
                var w = weight(format, rows, k, random);
                for (int tokens : new int[] {1, 2, 4, 13}) {
                    float[] x = gaussian(random, tokens * k);
                    for (var rounding : InputRounding.values()) {
                        if (rounding == InputRounding.FP8 && k % 128 != 0) {
                            continue;
                        }
                        assertSameProducts(w, x, rounding);
                    }
                }
            }
        }
    }

    /// All counts of vectors that kernels treat apart, with rows that are no whole groups and task ends, under the
    /// rounding of float products and of integers.
    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"F32", "F16", "BF16", "F8_E4M3", "F4_E2M1", "Q8_0", "MXFP4", "Q4_K", "Q6_K", "Q2_K", "IQ2_XXS"})
    void numbersOfVectors(Format format) {
        int cols = format == Format.F32 ? 160 : format.blockElements() == 256 ? 512 : 384;
        var random = new Random(11);
        for (int rows : new int[] {1, 131, 261}) {
            var w = weight(format, rows, cols, random);
            for (int tokens : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 19, 40}) {
                float[] x = gaussian(random, tokens * cols);
                for (var rounding : List.of(InputRounding.NONE, InputRounding.INT8)) {
                    assertSameProducts(w, x, rounding);
                }
            }
        }
    }

    /// Rows that are longer than the panel of many vectors holds at once.
    @Test
    void longRows() {
        var random = new Random(12);
        var w = weight(Format.F8_E4M3, 37, 33 * 1024, random);
        float[] x = gaussian(random, 14 * w.cols());
        assertSameProducts(w, x, InputRounding.NONE);
    }

    /// NaN codes and scales beyond a float's factor in single tiles, next to others without.
    @Test
    void oddTiles() {
        var random = new Random(13);
        byte[] codes = new byte[133 * 512];
        byte[] scales = new byte[2 * 4];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (random.nextInt(127) | random.nextInt(2) << 7);
        }
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) (i == 3 ? 140 : i == 6 ? 1 : 120 + random.nextInt(8));
        }
        codes[5 * 512 + 300] = 0x7f;
        codes[130 * 512 + 511] = (byte) 0xff;
        var w = new Weight(
                "w", Format.F8_E4M3, 133, 512, 512, BackendUnderTest.bytes(codes), BackendUnderTest.bytes(scales));
        for (int tokens : new int[] {1, 2, 6, 8, 13}) {
            float[] x = gaussian(random, tokens * 512);
            assertSameProducts(w, x, InputRounding.NONE);
        }
    }

    /// Every code of the small formats, with large, small and zero scales, and NaN and infinite halves.
    @Test
    void extremeCodes() {
        byte[] codes = new byte[256 * 128];
        byte[] scales = new byte[2];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) i;
        }
        for (int s : new int[] {0, 1, 7, 120, 127, 134, 200, 254}) {
            Arrays.fill(scales, (byte) s);
            var e4m3 = new Weight(
                    "w", Format.F8_E4M3, 256, 128, 128, BackendUnderTest.bytes(codes), BackendUnderTest.bytes(scales));
            sameIdentityProducts(e4m3);
            byte[] groups = new byte[128 * 8];
            Arrays.fill(groups, (byte) s);
            var e2m1 = new Weight(
                    "w", Format.F4_E2M1, 128, 256, 128, BackendUnderTest.bytes(codes), BackendUnderTest.bytes(groups));
            sameIdentityProducts(e2m1);
        }
        byte[] halves = new byte[65536 * 2];
        for (int i = 0; i < 65536; i++) {
            halves[2 * i] = (byte) i;
            halves[2 * i + 1] = (byte) (i >> 8);
        }
        sameIdentityProducts(new Weight("w", Format.F16, 1024, 64, 128, BackendUnderTest.bytes(halves), null));
        sameIdentityProducts(new Weight("w", Format.BF16, 1024, 64, 128, BackendUnderTest.bytes(halves), null));
    }

    /// A step that wants no logits has a head without rows.
    @ParameterizedTest
    @EnumSource(InputRounding.class)
    void aProductWithoutRowsIsEmpty(InputRounding rounding) {
        var w = weight(Format.Q8_0, 8, 128, new Random(2));
        for (var b : List.of(REFERENCE, CPU)) {
            var y = b.activations(8).resize(3);
            b.linear(w, b.activations(128).resize(0), rounding, y);
            assertThat(y.rows()).isZero();
        }
    }

    /// Integer groups under the smallest and largest scales, and the one that is NaN; few vectors and many.
    @Test
    void integerGroupsUnderExtremeScales() {
        var random = new Random(9);
        for (int s : new int[] {0, 1, 2, 3, 120, 127, 253, 254, 255}) {
            byte[] blocks = new byte[40 * 8 * 17];
            random.nextBytes(blocks);
            for (int i = 0; i < blocks.length; i += 17) {
                blocks[i] = (byte) s;
            }
            byte[] codes = new byte[40 * 128];
            random.nextBytes(codes);
            byte[] scales = new byte[40 * 8];
            Arrays.fill(scales, (byte) s);
            for (var w : List.of(
                    new Weight("w", Format.MXFP4, 40, 256, 136, BackendUnderTest.bytes(blocks), null),
                    new Weight(
                            "w",
                            Format.F4_E2M1,
                            40,
                            256,
                            128,
                            BackendUnderTest.bytes(codes),
                            BackendUnderTest.bytes(scales)))) {
                for (int tokens : new int[] {1, 3, 11}) {
                    float[] x = gaussian(random, tokens * 256);
                    assertSameProducts(w, x, InputRounding.INT8);
                }
            }
        }
    }

    /// The smallest and largest integers, scales and minima of blocks of 256, times the largest codes.
    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"Q4_K", "Q6_K", "Q2_K", "IQ2_XXS"})
    void largestIntegers(Format format) {
        for (int fill : new int[] {0x00, 0x0f, 0x7f, 0x80, 0xf0, 0xff}) {
            byte[] codes = new byte[21 * (int) format.bytes(256)];
            Arrays.fill(codes, (byte) fill);
            var w = BackendUnderTest.blocks(format, 21, 256, codes, i -> Float.floatToFloat16(i % 2 == 0 ? 1f : -1f));
            for (int tokens : new int[] {1, 9}) {
                for (float value : new float[] {1f, -1f}) {
                    float[] x = new float[tokens * 256];
                    Arrays.fill(x, value);
                    assertSameProducts(w, x, InputRounding.INT8);
                }
            }
        }
    }

    /// Blocks of 256 whose scales are zero, subnormal, the largest, infinite and NaN, times vectors with tiny, huge and
    /// broken groups.
    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"Q4_K", "Q6_K", "Q2_K", "IQ2_XXS"})
    void blocksUnderExtremeScales(Format format) {
        var random = new Random(10);
        for (int half : new int[] {0, 0x8000, 1, 0x83ff, 0x7bff, 0xfbff, 0x7c00, 0x7e00}) {
            byte[] codes = new byte[40 * (int) format.bytes(512)];
            random.nextBytes(codes);
            // Every third is an ordinary one.
            var w = BackendUnderTest.blocks(
                    format, 40, 512, codes, i -> i % 3 == 2 ? Float.floatToFloat16(0.01f) : (short) half);
            for (int tokens : new int[] {1, 3, 11}) {
                float[] x = gaussian(random, tokens * 512);
                assertSameProducts(w, x, InputRounding.INT8);
                for (int i = 0; i < x.length; i++) {
                    x[i] *= new float[] {1e-37f, 1e-34f, 1f, 1e36f}[i / 32 % 4];
                }
                assertSameProducts(w, x, InputRounding.INT8);
                x[100] = Float.NaN;
                x[x.length - 200] = Float.POSITIVE_INFINITY;
                assertSameProducts(w, x, InputRounding.INT8);
            }
        }
    }

    /// Multiplies with unit vectors, one a column, so that every decoded value shows. A NaN or an infinity spoils
    /// its whole row (times zero), in both backends alike.
    private static void sameIdentityProducts(Weight w) {
        int k = w.cols();
        for (int from = 0; from < k; from += 16) {
            float[] x = new float[16 * k];
            for (int t = 0; t < 16; t++) {
                x[t * k + from + t] = 1f;
            }
            assertSameProducts(w, x, InputRounding.NONE);
            // One at a time, as other kernels do that.
            for (int t = 0; t < 16; t++) {
                assertSameProducts(w, Arrays.copyOfRange(x, t * k, (t + 1) * k), InputRounding.NONE);
            }
        }
    }

    @Test
    void groupedProducts() {
        var random = new Random(5);
        var w = weight(Format.F8_E4M3, 3 * 56, 200, random);
        float[] x = gaussian(random, 7 * 600);
        var expected = REFERENCE.activations(168);
        REFERENCE.groupedLinear(w, 3, rows(REFERENCE, x, 600), InputRounding.NONE, expected);
        var actual = CPU.activations(168);
        CPU.groupedLinear(w, 3, rows(CPU, x, 600), InputRounding.NONE, actual);
        assertSameBits(values(actual), values(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 80, 96, 512})
    void normsAndRope(int width) {
        var random = new Random(width);
        int heads = 3;
        float[] x = gaussian(random, 5 * heads * width);
        float[] norm = gaussian(random, heads * width);
        var rope = new RopeAngles(RopeTable.yarn(160000, 16, 16, 65536, 32, 1));
        rope.fill(new long[] {0, 1, 127, 65536, 1048575}, 5);
        var results = new ArrayList<float[]>();
        for (var b : List.of(REFERENCE, CPU)) {
            var all = new ArrayList<Activations>();
            var y = b.activations(heads * width);
            b.rmsNorm(rows(b, x, heads * width), norm, 1e-6f, y);
            all.add(y);
            var q = rows(b, x, heads * width);
            b.queryNormRope(q, heads, 1e-6f, rope);
            all.add(q);
            var inverse = rows(b, x, heads * width);
            b.rope(inverse, heads, rope, true);
            all.add(inverse);
            results.add(join(all));
        }
        assertSameBits(results.get(1), results.get(0));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void keyValuesAndIndexQueries(boolean round) {
        var random = new Random(3);
        float[] kv = gaussian(random, 5 * 144);
        float[] norm = gaussian(random, 144);
        float[] queries = gaussian(random, 5 * 8 * 64);
        var rope = new RopeAngles(RopeTable.plain(10000, 16));
        rope.fill(new long[] {3, 4, 5, 6, 7}, 5);
        var results = new ArrayList<float[]>();
        for (var b : List.of(REFERENCE, CPU)) {
            var k = rows(b, kv, 144);
            b.keyValue(k, norm, 1e-6f, rope, round);
            var q = rows(b, queries, 8 * 64);
            b.indexQuery(q, 8, rope, round);
            results.add(join(List.of(k, q)));
        }
        assertSameBits(results.get(1), results.get(0));
    }

    /// Attention, indexer and compressor over two sequences in one step, continued from an earlier one.
    @ParameterizedTest
    @CsvSource({
        "4, 80, 5, NONE",
        "4, 96, 64, FP8",
        "4, 64, 6, HADAMARD_FP4",
        "4, 128, 33, HADAMARD_FP4",
        "4, 128, 8, HADAMARD_FP4",
        "4, 128, 40, HADAMARD_FP4",
        "4, 256, 16, HADAMARD_FP4",
        "128, 80, 5, FP8",
        "128, 200, 5, FP8",
        "128, 33, 4, NONE"
    })
    void sequences(int ratio, int width, int heads, Finish finish) {
        var results = new ArrayList<float[]>();
        for (var b : List.of(REFERENCE, CPU)) {
            results.add(sequences(b, ratio, width, heads, finish));
        }
        assertSameBits(results.get(1), results.get(0));
    }

    private static float[] sequences(Backend b, int ratio, int width, int heads, Finish finish) {
        var random = new Random(ratio + width);
        int rowWidth = ratio == 4 ? 2 * width : width;
        int pairs = 8;
        var table = RopeTable.yarn(160000, 2 * pairs, 16, 65536, 32, 1);
        var shape = new CompressorShape(
                ratio,
                width,
                gaussian(random, ratio * rowWidth),
                gaussian(random, width),
                1e-6f,
                2 * pairs,
                table,
                finish);
        float[] sink = gaussian(random, heads);
        int[] lengths = {0, 0};
        Ring[] windows = {b.ring(32, width), b.ring(32, width)};
        Ring[] values = {b.ring(2 * ratio, rowWidth), b.ring(2 * ratio, rowWidth)};
        Ring[] gates = {b.ring(2 * ratio, rowWidth), b.ring(2 * ratio, rowWidth)};
        Entries[] entries = {b.entries(shape.layout()), b.entries(shape.layout())};
        var all = new ArrayList<Activations>();
        for (int[] step : new int[][] {{3, 260}, {1, 1}, {131, 2}, {40, 1}}) {
            int rows = step[0] + step[1];
            var v = rows(b, gaussian(random, rows * rowWidth), rowWidth);
            var g = rows(b, gaussian(random, rows * rowWidth), rowWidth);
            var kv = rows(b, gaussian(random, rows * width), width);
            var q = rows(b, gaussian(random, rows * heads * width), heads * width);
            var weights = rows(b, gaussian(random, rows * heads), heads);
            var compress = new ArrayList<CompressorSpan>();
            var attend = new ArrayList<AttentionSpan>();
            int row = 0;
            for (int s = 0; s < 2; s++) {
                compress.add(new CompressorSpan(row, step[s], lengths[s], values[s], gates[s], entries[s]));
                attend.add(new AttentionSpan(row, step[s], lengths[s], windows[s], entries[s]));
                row += step[s];
                lengths[s] += step[s];
            }
            b.compress(shape, v, g, compress);
            var selection = ratio == 4 ? b.select(q, weights, heads, 0.1f, 9, attend) : null;
            var out = b.activations(heads * width);
            b.attend(q, kv, sink, 0.11f, 16, ratio, selection, attend, out);
            b.storeWindow(kv, attend);
            all.add(out);
        }
        return join(all);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13})
    void expertsAndHyperConnections(int tokens) {
        var results = new ArrayList<float[]>();
        for (var b : List.of(REFERENCE, CPU)) {
            var random = new Random(tokens);
            int d = 128;
            int width = 256;
            var routed = experts(6, d, width, Format.F4_E2M1, 1.5f, random);
            var shared = experts(1, d, width, Format.F8_E4M3, 0f, random);
            float[] x = gaussian(random, tokens * d);
            float[] logits = gaussian(random, tokens * 6);
            float[] bias = gaussian(random, 6);
            var routing = b.route(rows(b, logits, 6), bias, 3, 1.5f);
            var all = new ArrayList<Activations>();
            for (var rounding : InputRounding.values()) {
                var y = b.activations(d);
                b.experts(routed, shared, rows(b, x, d), routing, rounding, y);
                all.add(y);
            }
            var hc = new HyperConnection(
                    weight(Format.F32, 24, 4 * d, random),
                    gaussian(random, 24),
                    gaussian(random, 3),
                    4,
                    20,
                    1e-6f,
                    1e-6f);
            var streams = rows(b, gaussian(random, tokens * 4 * d), 4 * d);
            var in = b.activations(d);
            var post = b.activations(4);
            var comb = b.activations(16);
            var next = b.activations(4 * d);
            b.hyperPre(hc, streams, in, post, comb);
            b.hyperPost(in, streams, post, comb, next);
            all.addAll(List.of(in, post, comb, next));
            results.add(join(all));
        }
        assertSameBits(results.get(1), results.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 20, 67, 128})
    void hyperConnectionsOfAnyWidth(int d) {
        var results = new ArrayList<float[]>();
        for (var b : List.of(REFERENCE, CPU)) {
            var random = new Random(d);
            var hc = new HyperConnection(
                    weight(Format.F32, 3, 3 * d, random),
                    gaussian(random, 3),
                    gaussian(random, 1),
                    3,
                    20,
                    1e-6f,
                    1e-6f);
            var streams = rows(b, gaussian(random, 2 * 3 * d), 3 * d);
            var head = b.activations(d);
            b.hyperHead(hc, streams, head);
            var next = b.activations(3 * d);
            var post = rows(b, gaussian(random, 2 * 3), 3);
            var comb = rows(b, gaussian(random, 2 * 9), 9);
            b.hyperPost(head, streams, post, comb, next);
            results.add(join(List.of(head, next)));
        }
        assertSameBits(results.get(1), results.get(0));
    }

    @Test
    void tasksBesideOperations() {
        for (var b : List.of(REFERENCE, CPU)) {
            var times = new AtomicIntegerArray(1000);
            b.together(times.length(), times::incrementAndGet);
            for (int i = 0; i < times.length(); i++) {
                assertThat(times.get(i)).isOne();
            }
            b.together(0, i -> {
                throw new AssertionError("there is no task");
            });
            assertThatThrownBy(() -> b.together(3, i -> {
                        throw new IllegalStateException("task failed");
                    }))
                    .hasMessage("task failed");
        }
    }

    private static ExpertSet experts(int n, int d, int width, Format format, float limit, Random random) {
        var gate = new Weight[n];
        var up = new Weight[n];
        var down = new Weight[n];
        for (int e = 0; e < n; e++) {
            gate[e] = weight(format, width, d, random);
            up[e] = weight(format, width, d, random);
            down[e] = weight(format, d, width, random);
        }
        return new ExpertSet(gate, up, down, limit);
    }

    private static float[] join(List<Activations> all) {
        int size = all.stream().mapToInt(a -> a.rows() * a.cols()).sum();
        float[] joined = new float[size];
        int at = 0;
        for (var a : all) {
            float[] v = values(a);
            System.arraycopy(v, 0, joined, at, v.length);
            at += v.length;
        }
        return joined;
    }
}
