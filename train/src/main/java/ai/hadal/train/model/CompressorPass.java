package ai.hadal.train.model;

import ai.hadal.backend.CompressorShape;
import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.backend.Entries;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.train.gradient.CompressorGradient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A compressor: of a block, or inside an indexer.
final class CompressorPass {

    private final Workbench bench;
    private final String prefix;
    private final int ratio;
    private final int width;
    private final Finish plain;
    private final Finish rounded;
    private final HostActivations values;
    private final HostActivations gates;

    CompressorPass(Workbench bench, String prefix, int ratio, int width, Finish plain, Finish rounded) {
        this.bench = bench;
        this.prefix = prefix;
        this.ratio = ratio;
        this.width = width;
        this.plain = plain;
        this.rounded = rounded;
        int rowWidth = ratio == 4 ? 2 * width : width;
        values = new HostActivations(rowWidth);
        gates = new HostActivations(rowWidth);
    }

    private CompressorShape shape(Rows rows, boolean round) {
        var config = bench.parameters.config();
        return new CompressorShape(
                ratio,
                width,
                bench.vector(prefix + "ape"),
                bench.vector(prefix + "norm.weight"),
                config.rmsNormEps(),
                config.ropeDim(),
                rows.compressRope.table(),
                round ? rounded : plain);
    }

    /// The entries of each document.
    List<Entries> forward(Rows rows, HostActivations u, boolean round) {
        bench.linear(prefix + "wkv.weight", u, values);
        bench.linear(prefix + "wgate.weight", u, gates);
        var shape = shape(rows, round);
        var entries = rows.entries(bench.ops, shape.layout());
        bench.ops.compress(shape, values, gates, rows.compressorSpans(bench.ops, shape.rowWidth(), entries));
        return entries;
    }

    /// @param dEntries of each document
    /// @param dU null where the input is taken as given
    void backward(Rows rows, HostActivations u, List<float[]> dEntries, float @Nullable [] dU) {
        var shape = shape(rows, false);
        float[] dValues = new float[rows.count * shape.rowWidth()];
        float[] dGates = new float[rows.count * shape.rowWidth()];
        for (int i = 0; i < rows.documents(); i++) {
            CompressorGradient.sequence(
                    shape,
                    rows.starts[i],
                    rows.lengths[i],
                    values.data(),
                    gates.data(),
                    dEntries.get(i),
                    dValues,
                    dGates,
                    bench.gradients(),
                    bench.gradient(prefix + "ape"),
                    bench.gradient(prefix + "norm.weight"));
        }
        bench.linearBack(prefix + "wkv.weight", u.data(), rows.count, dValues, dU);
        bench.linearBack(prefix + "wgate.weight", u.data(), rows.count, dGates, dU);
    }
}
