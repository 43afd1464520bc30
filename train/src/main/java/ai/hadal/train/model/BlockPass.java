package ai.hadal.train.model;

import ai.hadal.backend.host.HostActivations;
import ai.hadal.train.gradient.NormGradient;

/// One block: attention and mixture of experts, each between its hyper-connections.
final class BlockPass {

    private final Workbench bench;
    private final String prefix;
    private final HyperPass hcAttention;
    private final HyperPass hcFfn;
    private final AttentionPass attention;
    private final MoePass moe;
    private final HostActivations attentionIn;
    private final HostActivations attentionNormed;
    private final HostActivations attentionOut;
    private final HostActivations middle;
    private final HostActivations ffnIn;
    private final HostActivations ffnNormed;
    private final HostActivations ffnOut;

    /// @param prefix such as `layers.0.`
    /// @param index the block's number; an MTP block's is L + its own
    BlockPass(Workbench bench, String prefix, int index) {
        this.bench = bench;
        this.prefix = prefix;
        var config = bench.parameters.config();
        int d = config.hiddenSize();
        hcAttention = new HyperPass(bench, prefix + "hc_attn");
        hcFfn = new HyperPass(bench, prefix + "hc_ffn");
        attention = new AttentionPass(bench, prefix + "attn.", config.compressRatios()[index]);
        moe = new MoePass(bench, prefix + "ffn.", index);
        attentionIn = new HostActivations(d);
        attentionNormed = new HostActivations(d);
        attentionOut = new HostActivations(d);
        middle = new HostActivations(config.hcMult() * d);
        ffnIn = new HostActivations(d);
        ffnNormed = new HostActivations(d);
        ffnOut = new HostActivations(d);
    }

    AttentionPass attention() {
        return attention;
    }

    MoePass moe() {
        return moe;
    }

    void forward(Rows rows, HostActivations streams, HostActivations out, Mode mode) {
        hcAttention.pre(streams, attentionIn);
        norm("attn_norm.weight", attentionIn, attentionNormed);
        attention.forward(rows, attentionNormed, attentionOut, mode);
        hcAttention.post(attentionOut, streams, middle);
        hcFfn.pre(middle, ffnIn);
        norm("ffn_norm.weight", ffnIn, ffnNormed);
        moe.forward(rows, ffnNormed, ffnOut);
        hcFfn.post(ffnOut, middle, out);
    }

    private void norm(String name, HostActivations x, HostActivations y) {
        bench.ops.rmsNorm(
                x, bench.vector(prefix + name), bench.parameters.config().rmsNormEps(), y);
    }

    private float[] normBack(String name, HostActivations x, float[] dY) {
        float[] dX = new float[x.rows() * x.cols()];
        NormGradient.rms(
                x.rows(),
                x.cols(),
                x.data(),
                bench.vector(prefix + name),
                bench.parameters.config().rmsNormEps(),
                dY,
                dX,
                bench.gradients(),
                bench.gradient(prefix + name));
        return dX;
    }

    /// From the gradient of the streams after the block to that of the streams before it.
    float[] backward(Rows rows, HostActivations streams, float[] dOut, float indexerFactor, float balance) {
        int n = rows.count * ffnOut.cols();
        float[] dY = new float[n];
        float[] dMiddle = new float[dOut.length];
        var mixing = hcFfn.postBack(ffnOut, middle, dOut, dY, dMiddle);
        float[] dU = new float[n];
        moe.backward(rows, ffnNormed, dY, dU, balance);
        hcFfn.preBack(middle, normBack("ffn_norm.weight", ffnIn, dU), mixing, dMiddle);

        float[] dStreams = new float[dOut.length];
        mixing = hcAttention.postBack(attentionOut, streams, dMiddle, dY, dStreams);
        dU = new float[n];
        attention.backward(rows, attentionNormed, dY, dU, indexerFactor);
        hcAttention.preBack(streams, normBack("attn_norm.weight", attentionIn, dU), mixing, dStreams);
        return dStreams;
    }
}
