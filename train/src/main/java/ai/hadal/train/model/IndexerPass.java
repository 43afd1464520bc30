package ai.hadal.train.model;

import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.backend.Entries;
import ai.hadal.backend.Selection;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.RowMath;
import ai.hadal.train.gradient.IndexerGradient;
import java.util.ArrayList;
import java.util.List;

/// The lightning indexer of a CSA block. Its inputs are taken as given: its loss moves nothing but itself.
final class IndexerPass {

    private final Workbench bench;
    private final String prefix;
    private final CompressorPass compressor;
    private final HostActivations q;
    private final HostActivations weights;
    private final int heads;
    private final int width;
    private final float scale;
    private List<Entries> keys = List.of();
    private float[] dQ = {};
    private float[] dWeights = {};
    private final List<float[]> dKeys = new ArrayList<>();

    IndexerPass(Workbench bench, String prefix) {
        this.bench = bench;
        this.prefix = prefix;
        var config = bench.parameters.config();
        heads = config.indexHeads();
        width = config.indexHeadDim();
        scale = (float) (1.0 / Math.sqrt(width) / Math.sqrt(heads));
        compressor = new CompressorPass(bench, prefix + "compressor.", 4, width, Finish.HADAMARD, Finish.HADAMARD_FP4);
        q = new HostActivations(heads * width);
        weights = new HostActivations(heads);
    }

    void forward(Rows rows, HostActivations u, HostActivations qr, boolean round) {
        keys = compressor.forward(rows, u, round);
        bench.linear(prefix + "wq_b.weight", qr, q);
        bench.ops.indexQuery(q, heads, rows.compressRope, round);
        bench.linear(prefix + "weights_proj.weight", u, weights);
    }

    Selection select(Rows rows) {
        int topK = bench.parameters.config().indexTopK();
        return bench.ops.select(q, weights, heads, scale, topK, rows.attentionSpans(bench.ops, width, keys));
    }

    /// Begins the way back.
    void begin(Rows rows) {
        dQ = new float[rows.count * heads * width];
        dWeights = new float[rows.count * heads];
        dKeys.clear();
    }

    /// The gradient of the loss on document i, to be fed with its attention.
    ///
    /// @param factor of the loss of one position
    IndexerGradient document(Rows rows, int i, float factor) {
        float[] flat = Rows.flat(keys.get(i));
        dKeys.add(new float[flat.length]);
        return new IndexerGradient(
                heads,
                width,
                scale,
                factor,
                q.data(),
                weights.data(),
                rows.starts[i],
                flat,
                flat.length / width,
                dQ,
                dWeights,
                dKeys.getLast());
    }

    /// Ends the way back: from queries, weights and keys to the parameters.
    void end(Rows rows, HostActivations u, HostActivations qr) {
        for (int part = 0; part < rows.count * heads; part++) {
            RowMath.hadamard(dQ, part * width, width);
        }
        for (int r = 0; r < rows.count; r++) {
            RowMath.ropeHeads(dQ, r, heads * width, heads, rows.compressRope, true);
        }
        bench.linearBack(prefix + "wq_b.weight", qr.data(), rows.count, dQ, null);
        bench.linearBack(prefix + "weights_proj.weight", u.data(), rows.count, dWeights, null);
        compressor.backward(rows, u, dKeys, null);
    }
}
