package ai.hadal.train.model;

import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.backend.Entries;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostSelection;
import ai.hadal.backend.host.RowMath;
import ai.hadal.model.ModelConfig;
import ai.hadal.train.gradient.AttentionGradient;
import ai.hadal.train.gradient.NormGradient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The attention of a block, forward by the engine's operations and back.
final class AttentionPass {

    private final Workbench bench;
    private final ModelConfig config;
    private final String prefix;
    private final int ratio;
    private final HostActivations queryRaw;
    private final HostActivations query;
    private final HostActivations headsRaw;
    private final HostActivations heads;
    private final HostActivations kvRaw;
    private final HostActivations kv;
    private final HostActivations attended;
    private final HostActivations grouped;
    private final @Nullable CompressorPass compressor;
    private final @Nullable IndexerPass indexer;
    private @Nullable List<Entries> entries;
    private @Nullable HostSelection selection;
    private double indexerLoss;

    AttentionPass(Workbench bench, String prefix, int ratio) {
        this.bench = bench;
        this.config = bench.parameters.config();
        this.prefix = prefix;
        this.ratio = ratio;
        int wide = config.heads() * config.headDim();
        queryRaw = new HostActivations(config.qLoraRank());
        query = new HostActivations(config.qLoraRank());
        headsRaw = new HostActivations(wide);
        heads = new HostActivations(wide);
        kvRaw = new HostActivations(config.headDim());
        kv = new HostActivations(config.headDim());
        attended = new HostActivations(wide);
        grouped = new HostActivations(config.oGroups() * config.oLoraRank());
        compressor = ratio == 0
                ? null
                : new CompressorPass(bench, prefix + "compressor.", ratio, config.headDim(), Finish.NONE, Finish.FP8);
        indexer = ratio == 4 ? new IndexerPass(bench, prefix + "indexer.") : null;
    }

    void forward(Rows rows, HostActivations u, HostActivations y, Mode mode) {
        var ops = bench.ops;
        float eps = config.rmsNormEps();
        var rope = rows.rope(ratio);
        bench.linear(prefix + "wq_a.weight", u, queryRaw);
        ops.rmsNorm(queryRaw, bench.vector(prefix + "q_norm.weight"), eps, query);
        bench.linear(prefix + "wq_b.weight", query, headsRaw);
        Workbench.copy(headsRaw, heads);
        ops.queryNormRope(heads, config.heads(), eps, rope);
        bench.linear(prefix + "wkv.weight", u, kvRaw);
        Workbench.copy(kvRaw, kv);
        ops.keyValue(kv, bench.vector(prefix + "kv_norm.weight"), eps, rope, mode.cacheRounding());

        entries = compressor == null ? null : compressor.forward(rows, u, mode.cacheRounding());
        selection = null;
        if (indexer != null && (mode.sparse() || mode.indexerLoss() > 0)) {
            indexer.forward(rows, u, query, mode.cacheRounding());
            selection = mode.sparse() ? (HostSelection) indexer.select(rows) : null;
        }
        ops.attend(
                heads,
                kv,
                bench.vector(prefix + "attn_sink"),
                config.attentionScale(),
                config.slidingWindow(),
                ratio,
                selection,
                rows.attentionSpans(ops, config.headDim(), entries),
                attended);
        ops.rope(attended, config.heads(), rope, true);
        ops.groupedLinear(
                bench.weight(prefix + "wo_a.weight"), config.oGroups(), attended, InputRounding.NONE, grouped);
        bench.linear(prefix + "wo_b.weight", grouped, y);
    }

    /// The sum of the indexer's divergences in the last [#backward].
    double indexerLoss() {
        return indexerLoss;
    }

    /// Adds to `dU`.
    ///
    /// @param indexerFactor of the indexer's loss of one position, 0 for none
    void backward(Rows rows, HostActivations u, float[] dY, float[] dU, float indexerFactor) {
        int n = rows.count;
        int wide = heads.cols();
        var rope = rows.rope(ratio);
        float eps = config.rmsNormEps();

        float[] dGrouped = new float[n * grouped.cols()];
        bench.linearBack(prefix + "wo_b.weight", grouped.data(), n, dY, dGrouped);
        float[] dAttended = new float[n * wide];
        bench.groupedBack(prefix + "wo_a.weight", config.oGroups(), attended.data(), n, dGrouped, dAttended);
        // Both the result and its gradient go back to before the inverse rotation.
        bench.ops.rope(attended, config.heads(), rope, false);
        for (int r = 0; r < n; r++) {
            RowMath.ropeHeads(dAttended, r, wide, config.heads(), rope, false);
        }

        float[] dHeads = new float[n * wide];
        float[] dKv = new float[n * config.headDim()];
        List<float[]> dEntries = attention(rows, dAttended, dHeads, dKv, indexerFactor);
        if (compressor != null) {
            compressor.backward(rows, u, dEntries, dU);
        }
        if (indexer != null && indexerFactor > 0) {
            indexer.end(rows, u, query);
        }

        for (int r = 0; r < n; r++) {
            RowMath.ropeHeads(dKv, r, config.headDim(), 1, rope, true);
            RowMath.ropeHeads(dHeads, r, wide, config.heads(), rope, true);
        }
        float[] dKvRaw = new float[dKv.length];
        norm("kv_norm.weight", n, config.headDim(), kvRaw, eps, dKv, dKvRaw);
        bench.linearBack(prefix + "wkv.weight", u.data(), n, dKvRaw, dU);

        float[] dHeadsRaw = new float[dHeads.length];
        NormGradient.rms(
                n * config.heads(), config.headDim(), headsRaw.data(), null, eps, dHeads, dHeadsRaw, new float[0], 0);
        float[] dQuery = new float[n * query.cols()];
        bench.linearBack(prefix + "wq_b.weight", query.data(), n, dHeadsRaw, dQuery);
        float[] dQueryRaw = new float[dQuery.length];
        norm("q_norm.weight", n, query.cols(), queryRaw, eps, dQuery, dQueryRaw);
        bench.linearBack(prefix + "wq_a.weight", u.data(), n, dQueryRaw, dU);
    }

    private void norm(String name, int parts, int width, HostActivations x, float eps, float[] dY, float[] dX) {
        NormGradient.rms(
                parts,
                width,
                x.data(),
                bench.vector(prefix + name),
                eps,
                dY,
                dX,
                bench.gradients(),
                bench.gradient(prefix + name));
    }

    private List<float[]> attention(Rows rows, float[] dOut, float[] dHeads, float[] dKv, float indexerFactor) {
        var gradient = new AttentionGradient(
                config.heads(), config.headDim(), config.attentionScale(), config.slidingWindow(), ratio);
        var learning = indexerFactor > 0 ? indexer : null;
        if (learning != null) {
            learning.begin(rows);
        }
        indexerLoss = 0;
        List<float[]> dEntries = new ArrayList<>();
        for (int i = 0; i < rows.documents(); i++) {
            float[] flat = entries == null ? new float[0] : Rows.flat(entries.get(i));
            dEntries.add(new float[flat.length]);
            var own = learning == null ? null : learning.document(rows, i, indexerFactor);
            gradient.sequence(
                    rows.starts[i],
                    rows.lengths[i],
                    heads.data(),
                    kv.data(),
                    flat,
                    selection == null ? null : chosen(selection, rows.starts[i]),
                    own,
                    bench.vector(prefix + "attn_sink"),
                    attended.data(),
                    dOut,
                    dHeads,
                    dKv,
                    dEntries.getLast(),
                    bench.gradients(),
                    bench.gradient(prefix + "attn_sink"));
            indexerLoss += own == null ? 0 : own.loss();
        }
        return dEntries;
    }

    private static AttentionGradient.Chosen chosen(HostSelection selection, int start) {
        return new AttentionGradient.Chosen() {
            @Override
            public int count(int position) {
                return selection.count(start + position);
            }

            @Override
            public int index(int position, int i) {
                return selection.index(start + position, i);
            }
        };
    }
}
