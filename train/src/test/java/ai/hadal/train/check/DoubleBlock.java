package ai.hadal.train.check;

import ai.hadal.backend.RopeTable;
import ai.hadal.model.ModelConfig;
import ai.hadal.train.check.DoubleExperts.Expert;
import java.util.ArrayList;
import java.util.List;

/// One block of the model on one document.
///
/// @param prefix of the block's tensors, `layers.2.` or `mtp.0.`
/// @param index its number; an MTP block's is L + its own
final class DoubleBlock {

    /// Which document a block runs on, what was decided for it, and where its loss terms go.
    record Scope(int document, Decisions decisions, LossTally tally) {}

    private final DoubleModel model;
    private final ModelConfig config;
    private final String prefix;
    private final int index;
    private final int ratio;
    private final double eps;
    private final RopeTable rope;

    DoubleBlock(DoubleModel model, String prefix, int index) {
        this.model = model;
        this.config = model.config();
        this.prefix = prefix;
        this.index = index;
        this.ratio = config.compressRatios()[index];
        this.eps = config.rmsNormEps();
        this.rope = model.rope(ratio);
    }

    /// Streams `[rows, S*D]` in, streams out; `ids` are the rows' tokens.
    double[] run(double[] streams, int[] ids, Scope scope) {
        var pre = model.hyper(prefix + "hc_attn").pre(streams);
        double[] u = DoubleOps.rmsNorm(pre.x(), get("attn_norm.weight"), eps);
        double[] between = join(attention(u, ids.length, scope), streams, pre);
        pre = model.hyper(prefix + "hc_ffn").pre(between);
        u = DoubleOps.rmsNorm(pre.x(), get("ffn_norm.weight"), eps);
        return join(moe(u, ids, scope), between, pre);
    }

    private double[] join(double[] y, double[] streams, DoubleHyper.Pre pre) {
        return DoubleHyper.post(y, streams, pre.post(), pre.comb(), config.hcMult(), config.hiddenSize());
    }

    private double[] get(String name) {
        return model.get(prefix + name);
    }

    private double[] linear(String name, double[] x, int in) {
        return DoubleOps.linear(get(name + ".weight"), x, in);
    }

    private double[] attention(double[] u, int rows, Scope scope) {
        int d = config.hiddenSize();
        int heads = config.heads();
        int width = config.headDim();
        double[] qr = DoubleOps.rmsNorm(linear("attn.wq_a", u, d), get("attn.q_norm.weight"), eps);
        double[] q = DoubleOps.queryNormRope(linear("attn.wq_b", qr, config.qLoraRank()), heads, width, eps, rope);
        double[] kv = DoubleOps.keyValue(linear("attn.wkv", u, d), get("attn.kv_norm.weight"), eps, rope);
        double[] entries = ratio == 0 ? new double[0] : entries("attn.compressor.", u, false);
        double[][] scores = ratio == 4 ? indexScores(u, qr, scope) : new double[0][];
        int[][] selected = ratio == 4
                ? scope.decisions().choice(key(scope, "entries"), () -> highest(scores))
                : DoubleAttention.visible(rows, ratio);
        var attended = new DoubleAttention(heads, width, config.slidingWindow())
                .attend(q, kv, entries, selected, get("attn.attn_sink"));
        if (ratio == 4) {
            indexerLoss(scope, scores, selected, attended.shares());
        }
        double[] turned = DoubleOps.rope(attended.out(), heads, width, rope, 1, true);
        int groups = config.oGroups();
        double[] low = DoubleOps.groupedLinear(get("attn.wo_a.weight"), groups, turned, heads / groups * width);
        return linear("attn.wo_b", low, groups * config.oLoraRank());
    }

    private String key(Scope scope, String what) {
        return scope.document() + "/" + prefix + what;
    }

    private int[][] highest(double[][] scores) {
        return DoubleAttention.highest(scores, config.indexTopK());
    }

    private double[] entries(String name, double[] u, boolean hadamard) {
        return new DoubleCompressor(ratio, get(name + "ape"), get(name + "norm.weight"), eps, rope, hadamard)
                .entries(linear(name + "wkv", u, config.hiddenSize()), linear(name + "wgate", u, config.hiddenSize()));
    }

    /// No gradient leaves the indexer: what it reads is constant.
    private double[][] indexScores(double[] u, double[] qr, Scope scope) {
        double[] fixedU = scope.decisions().constant(key(scope, "u"), u);
        double[] fixedQr = scope.decisions().constant(key(scope, "qr"), qr);
        int heads = config.indexHeads();
        int width = config.indexHeadDim();
        double[] q = DoubleOps.indexQuery(linear("attn.indexer.wq_b", fixedQr, config.qLoraRank()), heads, width, rope);
        double[] w = linear("attn.indexer.weights_proj", fixedU, config.hiddenSize());
        double[] keys = entries("attn.indexer.compressor.", fixedU, true);
        return DoubleAttention.indexScores(q, w, keys, heads, width);
    }

    private void indexerLoss(Scope scope, double[][] scores, int[][] selected, double[][] shares) {
        double[][] p = scope.decisions().constant(key(scope, "shares"), shares);
        for (int r = 0; r < selected.length; r++) {
            if (scores[r].length >= 2) {
                double[] chosen = new double[selected[r].length];
                for (int i = 0; i < chosen.length; i++) {
                    chosen[i] = scores[r][selected[r][i]];
                }
                scope.tally().indexer(index, DoubleLosses.divergence(p[r], chosen));
            }
        }
    }

    private double[] moe(double[] u, int[] ids, Scope scope) {
        int d = config.hiddenSize();
        double[] a = DoubleExperts.affinities(linear("ffn.gate", u, d));
        boolean hash = index < config.hashLayers();
        int[][] chosen = hash
                ? model.tableRows(prefix + "ffn.gate.tid2eid", ids)
                : scope.decisions()
                        .choice(
                                key(scope, "experts"),
                                () -> DoubleExperts.choose(a, get("ffn.gate.bias"), config.expertsPerToken()));
        if (!hash) {
            scope.tally().balance(index, DoubleLosses.balance(a, chosen));
        }
        List<Expert> routed = new ArrayList<>();
        for (int e = 0; e < config.experts(); e++) {
            routed.add(expert("ffn.experts." + e + "."));
        }
        double[] weights = DoubleExperts.weights(a, chosen, config.routedScale());
        double limit = config.swigluLimits()[index];
        double sharedLimit = config.sharedSwigluLimits()[index];
        return DoubleExperts.mix(routed, limit, expert("ffn.shared_experts."), sharedLimit, u, chosen, weights, d);
    }

    private Expert expert(String name) {
        return new Expert(get(name + "w1.weight"), get(name + "w2.weight"), get(name + "w3.weight"));
    }
}
