package ai.hadal.backend.reference;

import static ai.hadal.backend.host.Arithmetic.dot;

import ai.hadal.backend.Activations;
import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.CompressorShape;
import ai.hadal.backend.CompressorSpan;
import ai.hadal.backend.ExpertSet;
import ai.hadal.backend.HyperConnection;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.RopeAngles;
import ai.hadal.backend.Routing;
import ai.hadal.backend.Selection;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostBackend;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.backend.host.HostRouting;
import ai.hadal.backend.host.HostSelection;
import ai.hadal.backend.host.RowMath;
import ai.hadal.tensor.ActivationRounding;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Every operation in plain scalar loops, one thread: the definition that other backends are held to.
public final class ReferenceBackend extends HostBackend {

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description(InputRounding rounding) {
        return "reference: scalar Java, 1 thread";
    }

    @Override
    public void groupedLinear(Weight w, int groups, Activations x, InputRounding rounding, Activations y) {
        var in = HostActivations.of(x);
        var out = HostActivations.of(y).resize(in.rows());
        int rows = w.rows() / groups;
        for (int g = 0; g < groups; g++) {
            var parts = new float[in.rows()][];
            for (int r = 0; r < parts.length; r++) {
                int from = r * in.cols() + g * w.cols();
                parts[r] = Arrays.copyOfRange(in.data(), from, from + w.cols());
            }
            product(w, g * rows, rows, parts, rounding, out.data(), g * rows);
        }
    }

    /// `y[at + t * w.rows + i] = row first + i . x[t]` for `rows` rows; may round x in place.
    private static void product(Weight w, int first, int rows, float[][] x, InputRounding rounding, float[] y, int at) {
        if (rounding.isInteger(w.format())) {
            var product = new IntegerProduct(x);
            for (int i = 0; i < rows; i++) {
                product.row(w, first + i);
                for (int t = 0; t < x.length; t++) {
                    y[at + t * w.rows() + i] = product.with(t);
                }
            }
            return;
        }
        if (rounding.appliesTo(w.format())) {
            for (float[] vector : x) {
                ActivationRounding.fp8(vector, 0, vector.length, 128);
            }
        }
        float[] row = new float[w.cols()];
        for (int i = 0; i < rows; i++) {
            WeightRows.decode(w, first + i, 0, w.cols(), row, 0);
            for (int t = 0; t < x.length; t++) {
                y[at + t * w.rows() + i] = dot(row, 0, x[t], 0, w.cols());
            }
        }
    }

    @Override
    public void rmsNorm(Activations x, float[] weight, float eps, Activations y) {
        var in = HostActivations.of(x);
        var out = HostActivations.of(y).resize(in.rows());
        int n = in.cols();
        for (int r = 0; r < in.rows(); r++) {
            normalise(in.data(), r * n, weight, n, eps, out.data(), r * n);
        }
    }

    private static void normalise(float[] x, int xo, float[] weight, int n, float eps, float[] y, int yo) {
        float s = Arithmetic.inverseRms(dot(x, xo, x, xo, n), n, eps);
        for (int i = 0; i < n; i++) {
            y[yo + i] = weight[i] * (x[xo + i] * s);
        }
    }

    @Override
    public void queryNormRope(Activations q, int heads, float eps, RopeAngles rope) {
        var x = HostActivations.of(q);
        int width = x.cols() / heads;
        for (int part = 0; part < x.rows() * heads; part++) {
            int start = part * width;
            float s = Arithmetic.inverseRms(dot(x.data(), start, x.data(), start, width), width, eps);
            for (int i = start; i < start + width; i++) {
                x.data()[i] *= s;
            }
        }
        rope(q, heads, rope, false);
    }

    @Override
    public void rope(Activations x, int heads, RopeAngles rope, boolean inverse) {
        var a = HostActivations.of(x);
        for (int r = 0; r < a.rows(); r++) {
            RowMath.ropeHeads(a.data(), r, a.cols(), heads, rope, inverse);
        }
    }

    @Override
    public void keyValue(Activations kv, float[] norm, float eps, RopeAngles rope, boolean round) {
        rmsNorm(kv, norm, eps, kv);
        rope(kv, 1, rope, false);
        if (round) {
            var x = HostActivations.of(kv);
            int plain = x.cols() - 2 * rope.table().pairs();
            for (int r = 0; r < x.rows(); r++) {
                ActivationRounding.fp8(x.data(), r * x.cols(), plain, 64);
            }
        }
    }

    @Override
    public void indexQuery(Activations q, int heads, RopeAngles rope, boolean round) {
        rope(q, heads, rope, false);
        var x = HostActivations.of(q);
        int width = x.cols() / heads;
        for (int part = 0; part < x.rows() * heads; part++) {
            RowMath.hadamard(x.data(), part * width, width);
            if (round) {
                ActivationRounding.fp4(x.data(), part * width, width);
            }
        }
    }

    @Override
    public void compress(CompressorShape shape, Activations values, Activations gates, List<CompressorSpan> spans) {
        for (var span : spans) {
            new ReferenceCompressor(shape, span, HostActivations.of(values), HostActivations.of(gates)).run();
        }
    }

    @Override
    public Selection select(
            Activations q, Activations weights, int heads, float scale, int topK, List<AttentionSpan> spans) {
        var queries = HostActivations.of(q);
        var w = HostActivations.of(weights);
        int width = queries.cols() / heads;
        var selection = HostSelection.of(queries.rows(), topK, spans);
        for (var span : spans) {
            var keys = HostEntries.of(Objects.requireNonNull(span.compressed()));
            for (int i = 0; i < span.rows(); i++) {
                int row = span.row() + i;
                int visible = (int) ((span.position() + i + 1) / 4);
                float[] scores = new float[visible];
                for (int e = 0; e < visible; e++) {
                    var key = new ReferenceKey(keys, e);
                    float[] lanes = new float[Arithmetic.LANES];
                    for (int h = 0; h < heads; h++) {
                        float s = key.dot(queries.data(), row * queries.cols() + h * width);
                        float weight = w.data()[row * heads + h] * scale;
                        lanes[h % lanes.length] = Math.fma(weight, Math.max(s, 0f), lanes[h % lanes.length]);
                    }
                    scores[e] = Arithmetic.addLanes(lanes, 0);
                }
                selection.select(row, scores, 0, visible);
            }
        }
        return selection;
    }

    @Override
    public void attend(
            Activations q,
            Activations kv,
            float[] sink,
            float scale,
            int window,
            int ratio,
            @Nullable Selection selection,
            List<AttentionSpan> spans,
            Activations out) {
        var queries = HostActivations.of(q);
        var result = HostActivations.of(out).resize(queries.rows());
        var attention = new ReferenceAttention(HostActivations.of(kv), sink, scale, window, ratio, selection);
        for (var span : spans) {
            for (int i = 0; i < span.rows(); i++) {
                attention.row(span, i, queries, result);
            }
        }
    }

    @Override
    public void experts(
            ExpertSet routed, ExpertSet shared, Activations x, Routing routing, InputRounding rounding, Activations y) {
        var in = HostActivations.of(x);
        var out = HostActivations.of(y).resize(in.rows());
        var slots = (HostRouting) routing;
        int n = in.cols();
        float[] result = new float[n];
        for (int r = 0; r < in.rows(); r++) {
            float[] sum = new float[n];
            for (int s = 0; s < slots.slots(); s++) {
                expert(routed, slots.expert(r, s), in.data(), r * n, slots.weight(r, s), rounding, result);
                add(sum, result);
            }
            expert(shared, 0, in.data(), r * n, 1f, rounding, result);
            add(sum, result);
            System.arraycopy(sum, 0, out.data(), r * n, n);
        }
    }

    private static void add(float[] sum, float[] x) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += x[i];
        }
    }

    private static void expert(
            ExpertSet set, int e, float[] x, int offset, float weight, InputRounding rounding, float[] result) {
        float[] gate = product(set.gate()[e], x, offset, rounding);
        float[] up = product(set.up()[e], x, offset, rounding);
        for (int i = 0; i < gate.length; i++) {
            gate[i] = Arithmetic.swiglu(gate[i], up[i], set.limit(), weight);
        }
        System.arraycopy(product(set.down()[e], gate, 0, rounding), 0, result, 0, result.length);
    }

    private static float[] product(Weight w, float[] x, int offset, InputRounding rounding) {
        float[] y = new float[w.rows()];
        var vector = new float[][] {Arrays.copyOfRange(x, offset, offset + w.cols())};
        product(w, 0, w.rows(), vector, rounding, y, 0);
        return y;
    }

    @Override
    public void hyperPre(HyperConnection hc, Activations streams, Activations x, Activations post, Activations comb) {
        int s = hc.streams();
        float[] mixes = mixes(hc, streams);
        var in = HostActivations.of(streams);
        var p = HostActivations.of(post).resize(in.rows());
        var c = HostActivations.of(comb).resize(in.rows());
        int n = hc.fn().rows();
        float[] pre = new float[in.rows() * s];
        for (int r = 0; r < in.rows(); r++) {
            for (int i = 0; i < s; i++) {
                int m = r * n + i;
                pre[r * s + i] = Arithmetic.sigmoid(Math.fma(mixes[m], hc.scale()[0], hc.base()[i])) + hc.eps();
                p.data()[r * s + i] = 2f * Arithmetic.sigmoid(Math.fma(mixes[m + s], hc.scale()[1], hc.base()[i + s]));
            }
            for (int i = 0; i < s * s; i++) {
                c.data()[r * s * s + i] = Math.fma(mixes[r * n + 2 * s + i], hc.scale()[2], hc.base()[2 * s + i]);
            }
            RowMath.sinkhorn(c.data(), r * s * s, s, hc.iterations(), hc.eps());
        }
        mixStreams(in, pre, s, HostActivations.of(x));
    }

    @Override
    public void hyperHead(HyperConnection hc, Activations streams, Activations x) {
        int s = hc.streams();
        float[] w = mixes(hc, streams);
        for (int i = 0; i < w.length; i++) {
            w[i] = Arithmetic.sigmoid(Math.fma(w[i], hc.scale()[0], hc.base()[i % s])) + hc.eps();
        }
        mixStreams(HostActivations.of(streams), w, s, HostActivations.of(x));
    }

    /// `fn z / rms(z)` of all streams z of a row.
    private float[] mixes(HyperConnection hc, Activations streams) {
        var in = HostActivations.of(streams);
        var products = new HostActivations(hc.fn().rows());
        linear(hc.fn(), in, InputRounding.NONE, products);
        float[] m = products.data();
        for (int r = 0; r < in.rows(); r++) {
            float square = dot(in.data(), r * in.cols(), in.data(), r * in.cols(), in.cols());
            float s = Arithmetic.inverseRms(square, in.cols(), hc.normEps());
            for (int i = 0; i < hc.fn().rows(); i++) {
                m[r * hc.fn().rows() + i] *= s;
            }
        }
        return m;
    }

    private static void mixStreams(HostActivations streams, float[] weights, int s, HostActivations x) {
        x.resize(streams.rows());
        int n = x.cols();
        for (int r = 0; r < x.rows(); r++) {
            for (int i = 0; i < n; i++) {
                float sum = 0f;
                for (int j = 0; j < s; j++) {
                    sum = Math.fma(weights[r * s + j], streams.data()[(r * s + j) * n + i], sum);
                }
                x.data()[r * n + i] = sum;
            }
        }
    }

    @Override
    public void hyperPost(Activations y, Activations streams, Activations post, Activations comb, Activations out) {
        float[] in = HostActivations.of(streams).data();
        float[] sub = HostActivations.of(y).data();
        float[] p = HostActivations.of(post).data();
        float[] c = HostActivations.of(comb).data();
        var result = HostActivations.of(out).resize(y.rows());
        int s = post.cols();
        int n = y.cols();
        for (int r = 0; r < y.rows(); r++) {
            for (int k = 0; k < s; k++) {
                for (int i = 0; i < n; i++) {
                    float sum = p[r * s + k] * sub[r * n + i];
                    for (int j = 0; j < s; j++) {
                        sum = Math.fma(c[(r * s + j) * s + k], in[(r * s + j) * n + i], sum);
                    }
                    result.data()[(r * s + k) * n + i] = sum;
                }
            }
        }
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
