package ai.hadal.backend;

import static ai.hadal.backend.BackendUnderTest.bytes;
import static ai.hadal.backend.BackendUnderTest.f32;
import static ai.hadal.backend.BackendUnderTest.rows;
import static ai.hadal.backend.BackendUnderTest.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import ai.hadal.testing.GoldenTensors;
import ai.hadal.testing.Goldens;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every operation against vectors made with the official code, on every backend.
@ParameterizedClass
@ValueSource(strings = {"reference", "cpu"})
class UnitGoldenTest {

    private static final GoldenTensors GOLDEN =
            GoldenTensors.read(Goldens.resource("units").resolve("units.safetensors"));

    @Parameter
    String name;

    private Backend backend;

    @BeforeEach
    void open() {
        backend = Backends.open(name, 2);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({"plain_10000_d64, 10000, 64", "yarn_160000_d64, 160000, 64", "yarn_80000_d32, 80000, 32"})
    void rope(String table, double base, int dim) {
        // The third table's ramp goes from pair 5 to pair 9 with factor 8.
        var rope = switch (table) {
            case "plain_10000_d64" -> RopeTable.plain(base, dim);
            case "yarn_160000_d64" -> RopeTable.yarn(base, dim, 16, 65536, 32, 1);
            default -> RopeTable.yarn(base, dim, 8, 8192, 32, 4);
        };
        String prefix = "rope/" + table + "/";
        float[] frequencies = GOLDEN.floats(prefix + "inv_freq");
        for (int i = 0; i < frequencies.length; i++) {
            // The tables of the real models are exact; in the third one the official code's float power rounds one
            // base otherwise than a correctly rounded power does, which is two units after the reciprocal.
            float allowed = table.equals("yarn_80000_d32") ? 2 * Math.ulp(frequencies[i]) : 0f;
            assertThat(Math.abs(rope.frequency(i) - frequencies[i])).isLessThanOrEqualTo(allowed);
        }
        int[] p = GOLDEN.ints("rope/positions");
        int n = GOLDEN.shape(prefix + "x")[0];
        long[] positions = new long[n];
        for (int i = 0; i < n; i++) {
            positions[i] = p[i];
        }
        var angles = new RopeAngles(rope);
        angles.fill(positions, n);
        assertClose(java.util.Arrays.copyOf(angles.cos(), n * dim / 2), GOLDEN.floats(prefix + "cos"), 1e-7f);
        assertClose(java.util.Arrays.copyOf(angles.sin(), n * dim / 2), GOLDEN.floats(prefix + "sin"), 1e-7f);

        var x = rows(backend, GOLDEN.floats(prefix + "x"), 3 * dim);
        backend.rope(x, 3, angles, false);
        assertClose(values(x), GOLDEN.floats(prefix + "rotated"), 1e-6f);
        var y = rows(backend, GOLDEN.floats(prefix + "x"), 3 * dim);
        backend.rope(y, 3, angles, true);
        assertClose(values(y), GOLDEN.floats(prefix + "inverse"), 1e-6f);
    }

    @Test
    void sparseAttention() {
        float[] kv = GOLDEN.floats("sparse_attn/kv");
        int[] idx = GOLDEN.ints("sparse_attn/idx");
        int rows = 6;
        int heads = 5;
        int d = 48;
        int places = idx.length / rows;
        for (int r = 0; r < rows; r++) {
            // The golden takes any set of entries (-1 for none). Here all but the last are compressed entries, and the
            // last stands for the row's own place in a window of one.
            int[] chosen = java.util.Arrays.stream(idx, r * places, (r + 1) * places)
                    .filter(i -> i >= 0)
                    .toArray();
            int count = chosen.length;
            var entries = backend.entries(EntryLayout.f32(d));
            for (int i = 0; i < count - 1; i++) {
                entries.append(kv, chosen[i] * d);
            }
            int last = chosen[count - 1] * d;
            var own = rows(backend, java.util.Arrays.copyOfRange(kv, last, last + d), d);
            var q = rows(
                    backend,
                    java.util.Arrays.copyOfRange(GOLDEN.floats("sparse_attn/q"), r * heads * d, (r + 1) * heads * d),
                    heads * d);
            var out = backend.activations(heads * d);
            var span = new AttentionSpan(0, 1, 4L * (count - 1) + 2, backend.ring(2, d), entries);
            backend.attend(
                    q,
                    own,
                    GOLDEN.floats("sparse_attn/sink"),
                    (float) (1 / Math.sqrt(d)),
                    1,
                    4,
                    null,
                    List.of(span),
                    out);
            float[] expected =
                    java.util.Arrays.copyOfRange(GOLDEN.floats("sparse_attn/out"), r * heads * d, (r + 1) * heads * d);
            assertClose(values(out), expected, 1e-5f);
        }
    }

    @Test
    void router() {
        var logits = backend.activations(12);
        backend.linear(
                f32(GOLDEN.floats("gate/weight"), 56),
                rows(backend, GOLDEN.floats("gate/x"), 56),
                InputRounding.NONE,
                logits);
        float scale = routedScale(GOLDEN.floats("gate/score_weights"), 4);
        var byScore = backend.route(logits, GOLDEN.floats("gate/bias"), 4, scale);
        int[] ids = GOLDEN.ints("gate/ids");
        int[] table = GOLDEN.ints("gate/tid2eid");
        int[] fixed = new int[ids.length * 4];
        for (int r = 0; r < ids.length; r++) {
            System.arraycopy(table, ids[r] * 4, fixed, r * 4, 4);
        }
        var byHash = backend.routeFixed(logits, fixed, 4, scale);
        for (int r = 0; r < ids.length; r++) {
            assertThat(byScore.experts(r)).containsExactlyInAnyOrder(slice(GOLDEN.ints("gate/score_indices"), r));
            assertThat(byHash.experts(r)).containsExactly(slice(GOLDEN.ints("gate/hash_indices"), r));
            for (int s = 0; s < 4; s++) {
                assertThat(byScore.weights(r)[s])
                        .isCloseTo(
                                weightOf(byScore.experts(r)[s], r, "gate/score_indices", "gate/score_weights"),
                                within(1e-5f));
                assertThat(byHash.weights(r)[s])
                        .isCloseTo(GOLDEN.floats("gate/hash_weights")[r * 4 + s], within(1e-5f));
            }
        }
    }

    private static float routedScale(float[] weights, int k) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
            sum += weights[i];
        }
        return (float) (Math.round(sum * 1000) / 1000.0);
    }

    private static int[] slice(int[] all, int r) {
        return java.util.Arrays.copyOfRange(all, r * 4, r * 4 + 4);
    }

    private static float weightOf(int expert, int row, String indices, String weights) {
        for (int s = 0; s < 4; s++) {
            if (GOLDEN.ints(indices)[row * 4 + s] == expert) {
                return GOLDEN.floats(weights)[row * 4 + s];
            }
        }
        throw new AssertionError("expert " + expert + " was not chosen");
    }

    @Test
    void hyperConnections() {
        var hc = new HyperConnection(
                f32(GOLDEN.floats("hc/fn"), 160),
                GOLDEN.floats("hc/base"),
                GOLDEN.floats("hc/scale"),
                4,
                20,
                1e-6f,
                1e-6f);
        var streams = rows(backend, GOLDEN.floats("hc/x"), 160);
        var x = backend.activations(40);
        var post = backend.activations(4);
        var comb = backend.activations(16);
        backend.hyperPre(hc, streams, x, post, comb);
        assertClose(values(x), GOLDEN.floats("hc/pre_y"), 2e-6f);
        assertClose(values(post), GOLDEN.floats("hc/post"), 2e-6f);
        assertClose(values(comb), GOLDEN.floats("hc/comb"), 2e-6f);
        var next = backend.activations(160);
        backend.hyperPost(rows(backend, GOLDEN.floats("hc/sublayer_out"), 40), streams, post, comb, next);
        assertClose(values(next), GOLDEN.floats("hc/new_x"), 1e-5f);

        var head = new HyperConnection(
                f32(GOLDEN.floats("hc/head_fn"), 160),
                GOLDEN.floats("hc/head_base"),
                GOLDEN.floats("hc/head_scale"),
                4,
                20,
                1e-6f,
                1e-6f);
        backend.hyperHead(head, streams, x);
        assertClose(values(x), GOLDEN.floats("hc/head_y"), 2e-6f);
    }

    @ParameterizedTest
    @CsvSource({
        "r4_d80_kv,4,80,off",
        "r4_d80_kv,4,80,on",
        "r4_d32_rot,4,32,off",
        "r4_d32_rot,4,32,on",
        "r128_d80_kv,128,80,off",
        "r128_d80_kv,128,80,on"
    })
    void compressor(String kind, int ratio, int width, String mode) {
        String prefix = "compressor/" + kind + "/";
        boolean rotate = kind.endsWith("rot");
        boolean on = mode.equals("on");
        var finish = rotate ? (on ? Finish.HADAMARD_FP4 : Finish.HADAMARD) : on ? Finish.FP8 : Finish.NONE;
        var shape = new CompressorShape(
                ratio,
                width,
                GOLDEN.floats(prefix + "ape"),
                GOLDEN.floats(prefix + "norm"),
                1e-6f,
                16,
                RopeTable.yarn(160000, 16, 16, 65536, 32, 1),
                finish);
        var x = rows(backend, GOLDEN.floats(prefix + "x"), 24);
        var values = backend.activations(shape.rowWidth());
        var gates = backend.activations(shape.rowWidth());
        backend.linear(f32(GOLDEN.floats(prefix + "wkv"), 24), x, InputRounding.NONE, values);
        backend.linear(f32(GOLDEN.floats(prefix + "wgate"), 24), x, InputRounding.NONE, gates);
        var entries = backend.entries(shape.layout());
        var span = new CompressorSpan(
                0,
                x.rows(),
                0,
                backend.ring(2 * ratio, shape.rowWidth()),
                backend.ring(2 * ratio, shape.rowWidth()),
                entries);
        backend.compress(shape, values, gates, List.of(span));
        float[] expected = GOLDEN.floats(prefix + "entries_" + mode);
        assertThat(entries.size()).isEqualTo(expected.length / width);
        float[] actual = new float[expected.length];
        float[] entry = new float[width];
        for (int i = 0; i < entries.size(); i++) {
            entries.read(i, entry);
            System.arraycopy(entry, 0, actual, i * width, width);
        }
        assertClose(actual, expected, 2e-5f);
    }

    @ParameterizedTest
    @CsvSource({"fp8,noact", "fp8,act", "fp4,noact", "fp4,act"})
    void quantisedProducts(String format, String mode) {
        boolean fp8 = format.equals("fp8");
        var codes = bytes(GOLDEN.bytes(fp8 ? "gemm/fp8_codes" : "gemm/fp4_packed"));
        var scale = bytes(GOLDEN.bytes("gemm/" + format + "_scale"));
        var w = fp8
                ? new Weight("test", Format.F8_E4M3, 160, 256, 256, codes, scale)
                : new Weight("test", Format.F4_E2M1, 96, 256, 128, codes, scale);
        var y = backend.activations(w.rows());
        backend.linear(
                w,
                rows(backend, GOLDEN.floats("gemm/x"), 256),
                mode.equals("act") ? InputRounding.FP8 : InputRounding.NONE,
                y);
        float[] expected = GOLDEN.floats("gemm/" + format + "_out_" + mode);
        float largest = 0;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        assertClose(values(y), expected, 1e-6f * Math.max(1, largest));
    }

    private static void assertClose(float[] actual, float[] expected, float tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(tolerance));
        }
    }
}
