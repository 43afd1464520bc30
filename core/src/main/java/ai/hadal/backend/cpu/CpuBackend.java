package ai.hadal.backend.cpu;

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
import ai.hadal.backend.cpu.Elementwise.Combination;
import ai.hadal.backend.cpu.GatheredEntries.Part;
import ai.hadal.backend.disk.ReadAhead;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostBackend;
import ai.hadal.backend.host.HostRouting;
import ai.hadal.backend.host.HostSelection;
import ai.hadal.backend.host.RowMath;
import ai.hadal.backend.natives.Natives;
import ai.hadal.backend.topology.Placement;
import ai.hadal.backend.topology.PlacementReport;
import ai.hadal.backend.topology.Topology;
import ai.hadal.tensor.ActivationRounding;
import ai.hadal.tensor.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Every operation with Vector API kernels on a team of threads. Each output element is computed whole by one
/// thread in the order of its definition, so thread count and vector width never show in a result.
public final class CpuBackend extends HostBackend {

    private final @Nullable ReadAhead readAhead;
    private final Placement placement;
    private final Team team;
    private final int bits;
    private final CpuIndexer indexer;
    private final GatheredEntries entries;
    private final CpuExperts experts;
    private HostActivations rounded = new HostActivations(1);
    private HostActivations mixes = new HostActivations(1);
    private final Int8Input integers = new Int8Input();

    /// @param threads worker threads, the caller included; at least 1
    public CpuBackend(int threads) {
        this(threads, Placement.NONE, null);
    }

    /// @param threads worker threads, the caller included; at least 1
    /// @param placement where they stay, but for the caller
    /// @param readAhead reads the weights of experts before they are used, and is closed with the backend; null
    ///     where memory holds all weights
    public CpuBackend(int threads, Placement placement, @Nullable ReadAhead readAhead) {
        this.placement = placement;
        this.readAhead = readAhead;
        bits = Lanes.bits();
        team = new Team(threads, placement);
        indexer = new CpuIndexer(team);
        entries = new GatheredEntries(team);
        experts = new CpuExperts(team, readAhead);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description(InputRounding rounding) {
        return "cpu: Vector API " + bits + " bit, " + team.threads() + (team.threads() == 1 ? " thread" : " threads")
                + PlacementReport.of(Topology.here(), placement, team.settled())
                + (rounding == InputRounding.INT8 ? ", integer products in " : ", products in ")
                + Natives.description()
                + (readAhead == null ? "" : ", experts read ahead from disk");
    }

    /// Rows of x as the weight's kernels take them.
    private Vectors vectors(Weight w, HostActivations x, InputRounding rounding) {
        if (rounding.isInteger(w.format())) {
            return new Vectors(x.data(), integers.encode(x.data(), x.rows() * (x.cols() / w.cols()), w.cols(), team));
        }
        return Vectors.floats((rounding.appliesTo(w.format()) ? rounded(x) : x).data());
    }

    private static int[] offsets(int rows, int stride, int start) {
        int[] offsets = new int[rows];
        for (int r = 0; r < rows; r++) {
            offsets[r] = start + r * stride;
        }
        return offsets;
    }

    /// A copy of x with its rows rounded to FP8 in groups of 128.
    private HostActivations rounded(HostActivations x) {
        int n = x.cols();
        if (rounded.cols() != n) {
            rounded = new HostActivations(n);
        }
        float[] data = rounded.resize(x.rows()).data();
        team.run(x.rows(), 4L * n, (r, scratch) -> {
            System.arraycopy(x.data(), r * n, data, r * n, n);
            ActivationRounding.fp8(data, r * n, n, 128);
        });
        return rounded;
    }

    @Override
    public void groupedLinear(Weight w, int groups, Activations x, InputRounding rounding, Activations y) {
        var in = HostActivations.of(x);
        var out = HostActivations.of(y).resize(in.rows());
        var vectors = vectors(w, in, rounding);
        int perGroup = w.rows() / groups;
        int each = vectors.rowsPerTask(w, in.rows());
        int tasks = Math.ceilDiv(perGroup, each);
        int[] yo = offsets(in.rows(), w.rows(), 0);
        int[][] xo = new int[groups][];
        for (int g = 0; g < groups; g++) {
            xo[g] = offsets(in.rows(), in.cols(), g * w.cols());
        }
        team.run(groups * tasks, vectors.work(w, in.rows()), (task, scratch) -> {
            int g = task / tasks;
            int first = g * perGroup + task % tasks * each;
            int end = Math.min(first + each, (g + 1) * perGroup);
            vectors.multiply(w, first, end, xo[g], out.data(), yo, in.rows(), scratch);
        });
    }

    @Override
    public void rmsNorm(Activations x, float[] weight, float eps, Activations y) {
        var in = HostActivations.of(x);
        var out = HostActivations.of(y).resize(in.rows());
        int n = in.cols();
        team.run(in.rows(), 2L * n, (r, scratch) -> norm(in.data(), out.data(), r * n, n, weight, eps, scratch));
    }

    private static void norm(float[] x, float[] y, int at, int n, float[] weight, float eps, Scratch scratch) {
        float s = Arithmetic.inverseRms(Dot.one(x, at, x, at, n, scratch.lanes), n, eps);
        Elementwise.scale(x, at, s, weight, y, at, n);
    }

    @Override
    public void queryNormRope(Activations q, int heads, float eps, RopeAngles rope) {
        var x = HostActivations.of(q);
        int width = x.cols() / heads;
        team.run(x.rows(), 2L * x.cols(), (r, scratch) -> {
            for (int start = r * x.cols(); start < (r + 1) * x.cols(); start += width) {
                float square = Dot.one(x.data(), start, x.data(), start, width, scratch.lanes);
                float s = Arithmetic.inverseRms(square, width, eps);
                for (int i = start; i < start + width; i++) {
                    x.data()[i] *= s;
                }
            }
            RowMath.ropeHeads(x.data(), r, x.cols(), heads, rope, false);
        });
    }

    @Override
    public void rope(Activations x, int heads, RopeAngles rope, boolean inverse) {
        var a = HostActivations.of(x);
        team.run(a.rows(), a.cols(), (r, scratch) -> RowMath.ropeHeads(a.data(), r, a.cols(), heads, rope, inverse));
    }

    @Override
    public void keyValue(Activations kv, float[] norm, float eps, RopeAngles rope, boolean round) {
        var x = HostActivations.of(kv);
        int n = x.cols();
        int plain = n - 2 * rope.table().pairs();
        team.run(x.rows(), 6L * n, (r, scratch) -> {
            norm(x.data(), x.data(), r * n, n, norm, eps, scratch);
            RowMath.ropeHeads(x.data(), r, n, 1, rope, false);
            if (round) {
                ActivationRounding.fp8(x.data(), r * n, plain, 64);
            }
        });
    }

    @Override
    public void indexQuery(Activations q, int heads, RopeAngles rope, boolean round) {
        var x = HostActivations.of(q);
        int width = x.cols() / heads;
        team.run(x.rows(), 8L * x.cols(), (r, scratch) -> {
            RowMath.ropeHeads(x.data(), r, x.cols(), heads, rope, false);
            for (int start = r * x.cols(); start < (r + 1) * x.cols(); start += width) {
                RowMath.hadamard(x.data(), start, width);
                if (round) {
                    ActivationRounding.fp4(x.data(), start, width);
                }
            }
        });
    }

    @Override
    public void compress(CompressorShape shape, Activations values, Activations gates, List<CompressorSpan> spans) {
        int width = shape.width();
        for (var span : spans) {
            var work = new CpuCompressor(shape, span, HostActivations.of(values), HostActivations.of(gates));
            work.addPositional();
            float[] entries = new float[work.blocks() * width];
            team.run(
                    work.blocks(),
                    16L * width * shape.ratio(),
                    (i, scratch) -> work.entry(i, entries, i * width, scratch));
            for (int i = 0; i < work.blocks(); i++) {
                span.entries().append(entries, i * width);
            }
            work.store();
        }
    }

    @Override
    public Selection select(
            Activations q, Activations weights, int heads, float scale, int topK, List<AttentionSpan> spans) {
        return indexer.select(HostActivations.of(q), HostActivations.of(weights), heads, scale, topK, spans);
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
        var chosen = (HostSelection) selection;
        var attention = new CpuAttention(queries, result, sink, scale, window, ratio, chosen, entries);
        entries.forEachGroup(HostActivations.of(kv), window, ratio, chosen, spans, parts -> attend(attention, parts));
    }

    private void attend(CpuAttention attention, List<Part> parts) {
        int rows = parts.stream().mapToInt(Part::rows).sum();
        int heads = attention.sink().length;
        // Few rows: split their heads so that every thread has work, but no further: each group reads all entries.
        int groupHeads = rows >= 4 * team.threads()
                ? heads
                : Math.min(heads, Math.ceilDiv(heads, team.threads() * Dot.COLS) * Dot.COLS);
        int groups = Math.ceilDiv(heads, groupHeads);
        var owners = new Part[rows];
        int[] own = new int[rows];
        int row = 0;
        for (var part : parts) {
            for (int i = 0; i < part.rows(); i++, row++) {
                owners[row] = part;
                own[row] = part.from() + i;
            }
        }
        var span = parts.getFirst().span();
        long n = attention.window() + (attention.ratio() == 0 ? 0 : span.position() / attention.ratio());
        team.run(rows * groups, (long) groupHeads * entries.width() * n, (task, scratch) -> {
            int r = task / groups;
            int first = task % groups * groupHeads;
            attention.run(owners[r], own[r], first, Math.min(heads, first + groupHeads), scratch);
        });
    }

    @Override
    public void experts(
            ExpertSet set, ExpertSet shared, Activations x, Routing routing, InputRounding rounding, Activations y) {
        var in = HostActivations.of(x);
        var fp8 = rounding == InputRounding.FP8 ? rounded(in) : in;
        experts.run(set, shared, in, fp8, (HostRouting) routing, rounding, HostActivations.of(y));
    }

    @Override
    public void expect(ExpertSet routed, int[] chosen) {
        if (readAhead != null) {
            var weights = new ArrayList<Weight>();
            Arrays.stream(chosen).sorted().distinct().forEach(e -> {
                weights.add(routed.gate()[e]);
                weights.add(routed.up()[e]);
                weights.add(routed.down()[e]);
            });
            readAhead.expect(weights);
        }
    }

    @Override
    public void hyperPre(HyperConnection hc, Activations streams, Activations x, Activations post, Activations comb) {
        var in = HostActivations.of(streams);
        var out = HostActivations.of(x).resize(in.rows());
        var p = HostActivations.of(post).resize(in.rows());
        var c = HostActivations.of(comb).resize(in.rows());
        float[] m = mixes(hc, in);
        int s = hc.streams();
        int n = hc.fn().rows();
        team.run(in.rows(), 2L * in.cols(), (r, scratch) -> {
            int at = r * n;
            scaleMixes(hc, m, at, in, r, scratch);
            for (int i = 0; i < s; i++) {
                m[at + i] = Arithmetic.sigmoid(Math.fma(m[at + i], hc.scale()[0], hc.base()[i])) + hc.eps();
                p.data()[r * s + i] = 2f * Arithmetic.sigmoid(Math.fma(m[at + s + i], hc.scale()[1], hc.base()[s + i]));
            }
            for (int i = 0; i < s * s; i++) {
                c.data()[r * s * s + i] = Math.fma(m[at + 2 * s + i], hc.scale()[2], hc.base()[2 * s + i]);
            }
            RowMath.sinkhorn(c.data(), r * s * s, s, hc.iterations(), hc.eps());
            mixStreams(in, m, at, s, out, r);
        });
    }

    @Override
    public void hyperHead(HyperConnection hc, Activations streams, Activations x) {
        var in = HostActivations.of(streams);
        var out = HostActivations.of(x).resize(in.rows());
        float[] m = mixes(hc, in);
        int s = hc.streams();
        team.run(in.rows(), 2L * in.cols(), (r, scratch) -> {
            scaleMixes(hc, m, r * s, in, r, scratch);
            for (int i = 0; i < s; i++) {
                m[r * s + i] = Arithmetic.sigmoid(Math.fma(m[r * s + i], hc.scale()[0], hc.base()[i])) + hc.eps();
            }
            mixStreams(in, m, r * s, s, out, r);
        });
    }

    /// `fn z` of every row, not yet divided by its root mean square.
    private float[] mixes(HyperConnection hc, HostActivations streams) {
        if (mixes.cols() != hc.fn().rows()) {
            mixes = new HostActivations(hc.fn().rows());
        }
        linear(hc.fn(), streams, InputRounding.NONE, mixes);
        return mixes.data();
    }

    private static void scaleMixes(
            HyperConnection hc, float[] m, int at, HostActivations streams, int row, Scratch scratch) {
        int n = streams.cols();
        float square = Dot.one(streams.data(), row * n, streams.data(), row * n, n, scratch.lanes);
        float s = Arithmetic.inverseRms(square, n, hc.normEps());
        for (int i = 0; i < hc.fn().rows(); i++) {
            m[at + i] *= s;
        }
    }

    private static void mixStreams(HostActivations streams, float[] w, int at, int s, HostActivations x, int row) {
        int n = x.cols();
        new Combination(streams.data(), row * s * n, s, w, at, 1).to(x.data(), row * n, n);
    }

    @Override
    public void hyperPost(Activations y, Activations streams, Activations post, Activations comb, Activations out) {
        var sub = HostActivations.of(y);
        float[] in = HostActivations.of(streams).data();
        float[] p = HostActivations.of(post).data();
        float[] c = HostActivations.of(comb).data();
        float[] result = HostActivations.of(out).resize(sub.rows()).data();
        int s = post.cols();
        int n = sub.cols();
        team.run(sub.rows() * s, (long) n * (s + 1), (task, scratch) -> {
            int r = task / s;
            int k = task % s;
            new Combination(in, r * s * n, s, c, r * s * s + k, s)
                    .onTopOf(p[r * s + k], sub.data(), r * n, result, task * n, n);
        });
    }

    @Override
    public void together(int tasks, IntConsumer task) {
        team.run(tasks, Team.WORTHWHILE, (i, scratch) -> task.accept(i));
    }

    @Override
    public void close() {
        if (readAhead != null) {
            readAhead.close();
        }
        team.close();
    }
}
