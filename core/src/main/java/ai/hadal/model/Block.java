package ai.hadal.model;

import ai.hadal.backend.Activations;
import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.Backend;
import ai.hadal.backend.CompressorShape;
import ai.hadal.backend.CompressorShape.Finish;
import ai.hadal.backend.CompressorSpan;
import ai.hadal.backend.ExpertSet;
import ai.hadal.backend.HyperConnection;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.RopeAngles;
import ai.hadal.backend.RopeTable;
import ai.hadal.backend.Selection;
import ai.hadal.tensor.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One block of the model: attention and mixture of experts, each between its hyper-connections.
final class Block {

    private final ModelConfig config;
    private final Backend ops;
    private final Numerics numerics;
    private final ModelWeights.Layer weights;
    private final HyperConnection hcAttention;
    private final HyperConnection hcFfn;
    private final @Nullable CompressorShape compressor;
    private final @Nullable CompressorShape indexCompressor;
    private final ExpertSet routed;
    private final ExpertSet shared;

    Block(ModelConfig config, Backend ops, Numerics numerics, ModelWeights.Layer weights, RopeTable compressRope) {
        this.config = config;
        this.ops = ops;
        this.numerics = numerics;
        this.weights = weights;
        this.hcAttention = hyperConnection(config, weights.hcAttention());
        this.hcFfn = hyperConnection(config, weights.hcFfn());
        var attention = weights.attention();
        boolean round = numerics.cacheRounding();
        this.compressor = attention.compressor() == null
                ? null
                : shape(attention.compressor(), compressRope, round ? Finish.FP8 : Finish.NONE);
        this.indexCompressor = attention.indexer() == null
                ? null
                : shape(attention.indexer().compressor(), compressRope, round ? Finish.HADAMARD_FP4 : Finish.HADAMARD);
        this.routed = experts(weights.moe().experts(), config.swigluLimits()[weights.index()]);
        this.shared = experts(List.of(weights.moe().shared()), config.sharedSwigluLimits()[weights.index()]);
    }

    static HyperConnection hyperConnection(ModelConfig config, ModelWeights.HyperConnection w) {
        return new HyperConnection(
                w.fn(),
                w.base(),
                w.scale(),
                config.hcMult(),
                config.sinkhornIterations(),
                config.hcEps(),
                config.rmsNormEps());
    }

    private CompressorShape shape(ModelWeights.Compressor w, RopeTable rope, Finish finish) {
        return new CompressorShape(
                w.ratio(), w.width(), w.ape(), w.norm(), config.rmsNormEps(), config.ropeDim(), rope, finish);
    }

    private static ExpertSet experts(List<ModelWeights.Expert> experts, float limit) {
        return new ExpertSet(
                experts.stream().map(ModelWeights.Expert::w1).toArray(Weight[]::new),
                experts.stream().map(ModelWeights.Expert::w3).toArray(Weight[]::new),
                experts.stream().map(ModelWeights.Expert::w2).toArray(Weight[]::new),
                limit);
    }

    /// Announces the experts of a hash block, which are known before anything is computed.
    void expect(Batch batch) {
        var moe = weights.moe();
        if (moe.hash() != null) {
            ops.expect(routed, batch.hashExperts(moe, config.expertsPerToken()));
        }
    }

    /// Runs the block on the batch's streams and leaves the result there.
    void run(Batch batch, Workspace work, StepObserver observer) {
        sublayer(hcAttention, weights.attentionNorm(), work, () -> attention(batch, work, observer));
        sublayer(hcFfn, weights.ffnNorm(), work, () -> moe(batch, work, observer));
    }

    /// `X = hc-post(f(norm(hc-pre(X))))`; f reads `work.u` and writes `work.y`.
    private void sublayer(HyperConnection hc, float[] norm, Workspace work, Runnable f) {
        ops.hyperPre(hc, work.streams, work.u, work.post, work.comb);
        ops.rmsNorm(work.u, norm, config.rmsNormEps(), work.u);
        f.run();
        ops.hyperPost(work.y, work.streams, work.post, work.comb, work.nextStreams);
        work.swapStreams();
    }

    private void attention(Batch batch, Workspace work, StepObserver observer) {
        var a = weights.attention();
        var rounding = numerics.inputRounding();
        float eps = config.rmsNormEps();
        var rope = weights.ratio() == 0 ? batch.plainRope() : batch.compressRope();

        ops.linear(a.wqA(), work.u, rounding, work.qr);
        ops.rmsNorm(work.qr, a.qNorm(), eps, work.qr);
        ops.linear(a.wqB(), work.qr, rounding, work.q);
        ops.queryNormRope(work.q, config.heads(), eps, rope);
        ops.linear(a.wkv(), work.u, rounding, work.kv);
        ops.keyValue(work.kv, a.kvNorm(), eps, rope, numerics.cacheRounding());

        var spans = batch.attentionSpans(weights.index(), LayerState::compressor);
        if (a.compressor() != null && compressor != null) {
            compress(
                    a.compressor(),
                    compressor,
                    work.u,
                    work,
                    batch.compressorSpans(weights.index(), LayerState::compressor));
        }
        var selection = select(batch, work, rope);
        if (selection != null) {
            observer.selection(weights.index(), selection);
        }
        ops.attend(
                work.q,
                work.kv,
                a.sink(),
                config.attentionScale(),
                config.slidingWindow(),
                weights.ratio(),
                selection,
                spans,
                work.attended);
        ops.storeWindow(work.kv, spans);
        ops.rope(work.attended, config.heads(), rope, true);
        ops.groupedLinear(a.woA(), config.oGroups(), work.attended, numerics.plainInputRounding(), work.grouped);
        ops.linear(a.woB(), work.grouped, rounding, work.y);
    }

    private void compress(
            ModelWeights.Compressor w,
            CompressorShape shape,
            Activations u,
            Workspace work,
            List<CompressorSpan> spans) {
        var values = work.values(shape.rowWidth());
        var gates = work.gates(shape.rowWidth());
        ops.linear(w.wkv(), u, numerics.plainInputRounding(), values);
        ops.linear(w.wgate(), u, numerics.plainInputRounding(), gates);
        ops.compress(shape, values, gates, spans);
    }

    /// The entries that each row attends to; null: all visible ones.
    private @Nullable Selection select(Batch batch, Workspace work, RopeAngles rope) {
        var indexer = weights.attention().indexer();
        if (indexer == null || indexCompressor == null) {
            return null;
        }
        int index = weights.index();
        compress(
                indexer.compressor(), indexCompressor, work.u, work, batch.compressorSpans(index, LayerState::indexer));
        if (batch.longest() / indexCompressor.ratio() <= config.indexTopK()) {
            // Nothing would be left out.
            return null;
        }
        ops.linear(indexer.wqB(), work.qr, numerics.inputRounding(), work.indexQ);
        ops.indexQuery(work.indexQ, config.indexHeads(), rope, numerics.cacheRounding());
        ops.linear(indexer.weightsProj(), work.u, InputRounding.NONE, work.indexWeights);
        float scale = (float) (1.0 / Math.sqrt(config.indexHeadDim()) / Math.sqrt(config.indexHeads()));
        List<AttentionSpan> keys = batch.attentionSpans(index, LayerState::indexer);
        return ops.select(work.indexQ, work.indexWeights, config.indexHeads(), scale, config.indexTopK(), keys);
    }

    private void moe(Batch batch, Workspace work, StepObserver observer) {
        var moe = weights.moe();
        int k = config.expertsPerToken();
        ops.linear(moe.gate(), work.u, InputRounding.NONE, work.gateLogits);
        var routing = moe.bias() != null
                ? ops.route(work.gateLogits, moe.bias(), k, config.routedScale())
                : ops.routeFixed(work.gateLogits, batch.hashExperts(moe, k), k, config.routedScale());
        observer.routing(weights.index(), routing);
        ops.experts(routed, shared, work.u, routing, numerics.inputRounding(), work.y);
    }
}
