package ai.hadal.train.model;

import ai.hadal.backend.HyperConnection;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.train.gradient.HyperGradient;

/// One hyper-connection: of a sublayer, or of a head.
final class HyperPass {

    private final Workbench bench;
    private final String prefix;
    private final HostActivations post;
    private final HostActivations comb;
    private final HostActivations products;

    /// @param prefix such as `layers.0.hc_attn`
    HyperPass(Workbench bench, String prefix) {
        this.bench = bench;
        this.prefix = prefix;
        int s = bench.parameters.config().hcMult();
        post = new HostActivations(s);
        comb = new HostActivations(s * s);
        products = new HostActivations(bench.vector(prefix + "_base").length);
    }

    private HyperConnection connection() {
        var config = bench.parameters.config();
        return new HyperConnection(
                bench.weight(prefix + "_fn"),
                bench.vector(prefix + "_base"),
                bench.vector(prefix + "_scale"),
                config.hcMult(),
                config.sinkhornIterations(),
                config.hcEps(),
                config.rmsNormEps());
    }

    private HyperGradient.Connection gradients() {
        var config = bench.parameters.config();
        return new HyperGradient.Connection(
                config.hcMult(),
                config.hiddenSize(),
                config.sinkhornIterations(),
                config.hcEps(),
                config.rmsNormEps(),
                bench.parameters.used(),
                bench.gradient(prefix + "_fn"),
                bench.vector(prefix + "_base"),
                bench.vector(prefix + "_scale"),
                bench.gradients(),
                bench.gradient(prefix + "_fn"),
                bench.gradient(prefix + "_base"),
                bench.gradient(prefix + "_scale"));
    }

    /// The sublayer's input.
    void pre(HostActivations streams, HostActivations x) {
        bench.ops.hyperPre(connection(), streams, x, post, comb);
    }

    /// The streams after the sublayer.
    void post(HostActivations y, HostActivations streams, HostActivations out) {
        bench.ops.hyperPost(y, streams, post, comb, out);
    }

    /// The head's input.
    void head(HostActivations streams, HostActivations x) {
        bench.ops.hyperHead(connection(), streams, x);
    }

    /// The way back through [#post] begins: sets `dY` and `dStreams`, and keeps the rest for [#preBack].
    Mixing postBack(HostActivations y, HostActivations streams, float[] dOut, float[] dY, float[] dStreams) {
        var config = bench.parameters.config();
        int rows = y.rows();
        var mixing = new Mixing(new float[rows * post.cols()], new float[rows * comb.cols()]);
        HyperGradient.post(
                rows,
                config.hcMult(),
                config.hiddenSize(),
                y.data(),
                streams.data(),
                post.data(),
                comb.data(),
                dOut,
                dY,
                mixing.dPost,
                mixing.dComb,
                dStreams);
        return mixing;
    }

    /// Gradients of what [#pre] gave to [#post].
    record Mixing(float[] dPost, float[] dComb) {}

    /// Adds to `dStreams`.
    void preBack(HostActivations streams, float[] dX, Mixing mixing, float[] dStreams) {
        bench.ops.linear(bench.weight(prefix + "_fn"), streams, InputRounding.NONE, products);
        HyperGradient.pre(
                gradients(), streams.rows(), streams.data(), products.data(), dX, mixing.dPost, mixing.dComb, dStreams);
    }

    /// Adds to `dStreams`.
    void headBack(HostActivations streams, float[] dX, float[] dStreams) {
        bench.ops.linear(bench.weight(prefix + "_fn"), streams, InputRounding.NONE, products);
        HyperGradient.head(gradients(), streams.rows(), streams.data(), products.data(), dX, dStreams);
    }
}
