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
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostBackend;
import ai.hadal.backend.host.HostRouting;
import ai.hadal.backend.host.RowMath;
import ai.hadal.tensor.ActivationRounding;
import ai.hadal.tensor.Weight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every operation with Vector API kernels on a team of threads. Each output element is computed whole by one thread in
/// the order of its definition, so thread count and vector width never show in a result.
public final class CpuBackend extends HostBackend {

    private final Team team;
    private final int bits;
    private final CpuIndexer indexer;
    private final CpuExperts experts;
    private final HostActivations rounded = new HostActivations(1);
    private final HostActivations mixes = new HostActivations(1);
    private HostActivations roundedView = rounded;
    private HostActivations mixesView = mixes;

    /// @param threads worker threads, the caller included; at least 1
    public CpuBackend(int threads) {
        bits = Lanes.bits();
        team = new Team(threads);
        indexer = new CpuIndexer(team);
        experts = new CpuExperts(team);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "cpu: Vector API " + bits + " bit, " + team.threads() + (team.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public void linear(Weight w, Activations x, InputRounding rounding, Activations y) {
        var in = HostActivations.of(x);
        var out = HostActivations.of(y).resize(in.rows());
        if (rounding.appliesTo(w.format())) {
            in = rounded(in);
        }
        product(w, in.data(), offsets(in.rows(), in.cols(), 0), out.data(), offsets(in.rows(), w.rows(), 0));
    }

    private void product(Weight w, float[] x, int[] xo, float[] y, int[] yo) {
        team.run(Product.tasks(w), (task, scratch) -> Product.run(w, task, x, xo, y, yo, xo.length, scratch));
    }

    private static int[] offsets(int rows, int stride, int start) {
        int[] offsets = new int[rows];
        for (int r = 0; r < rows; r++) {
            offsets[r] = start + r * stride;
        }
        return offsets;
    }

    private HostActivations rounded(HostActivations x) {
        if (roundedView.cols() != x.cols() || roundedView.rows() != x.rows()) {
            roundedView = new HostActivations(x.cols()).resize(x.rows());
        }
        float[] data = roundedView.data();
        int n = x.cols();
        team.run(x.rows(), (r, scratch) -> {
            System.arraycopy(x.data(), r * n, data, r * n, n);
            ActivationRounding.fp8(data, r * n, n, 128);
        });
        return roundedView;
    }

    @Override
    public void groupedLinear(Weight w, int groups, Activations x, Activations y) {
        var in = HostActivations.of(x);
        var out = HostActivations.of(y).resize(in.rows());
        int perGroup = w.rows() / groups;
        int each = Product.tasks(group(w, 0, perGroup));
        team.run(groups * each, (task, scratch) -> {
            int g = task / each;
            Product.run(
                    group(w, g, perGroup),
                    task % each,
                    in.data(),
                    offsets(in.rows(), in.cols(), g * w.cols()),
                    out.data(),
                    offsets(in.rows(), w.rows(), g * perGroup),
                    in.rows(),
                    scratch);
        });
    }
}
