package ai.hadal.train.check;

import ai.hadal.backend.RopeTable;
import ai.hadal.model.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The whole model and its loss in double precision, one scalar loop after another: what gradients are checked
/// against.
///
/// Nothing is rounded on its way. A parameter changed in the map counts from the next call on.
public final class DoubleModel {

    private final ModelConfig config;
    private final Map<String, double[]> parameters;
    private final Map<String, int[][]> tables;
    private final RopeTable plainRope;
    private final RopeTable compressRope;
    private final List<DoubleBlock> blocks = new ArrayList<>();

    /// @param parameters by official name, row major
    /// @param tables the hash tables `[V][k]` by official name
    public DoubleModel(ModelConfig config, Map<String, double[]> parameters, Map<String, int[][]> tables) {
        this.config = config;
        this.parameters = parameters;
        this.tables = tables;
        var yarn = config.yarn();
        plainRope = RopeTable.plain(config.ropeTheta(), config.ropeDim());
        compressRope = RopeTable.yarn(
                config.compressRopeTheta(),
                config.ropeDim(),
                yarn.factor(),
                yarn.originalMaxPositions(),
                yarn.betaFast(),
                yarn.betaSlow());
        for (int l = 0; l < config.layers(); l++) {
            blocks.add(new DoubleBlock(this, "layers." + l + ".", l));
        }
    }

    public ModelConfig config() {
        return config;
    }

    public Map<String, double[]> parameters() {
        return parameters;
    }

    /// The losses of a batch of documents. Row i of a document predicts its token i+1, where that one is learnt;
    /// the MTP block's row i its token i+2.
    ///
    /// @param learnt per document which of its tokens count
    public Losses forward(List<int[]> documents, List<boolean[]> learnt, Decisions decisions) {
        var tally = new LossTally(config.layers(), config.layers() + config.mtpLayers());
        for (int i = 0; i < documents.size(); i++) {
            document(documents.get(i), learnt.get(i), new DoubleBlock.Scope(i, decisions, tally));
        }
        return tally.losses(documents.size());
    }

    private void document(int[] ids, boolean[] learnt, DoubleBlock.Scope scope) {
        int v = config.vocabSize();
        double[] streams = streams(ids, scope);
        double[] logits = logits("", streams);
        for (int i = 0; i + 1 < ids.length; i++) {
            if (learnt[i + 1]) {
                scope.tally().crossEntropy(DoubleLosses.crossEntropy(logits, i, v, ids[i + 1]));
            }
        }
        int rows = ids.length - 2;
        if (config.mtpLayers() > 0 && rows > 0) {
            double[] mtp = mtpLogits(streams, Arrays.copyOfRange(ids, 1, rows + 1), scope);
            for (int i = 0; i < rows; i++) {
                if (learnt[i + 2]) {
                    scope.tally().mtp(DoubleLosses.crossEntropy(mtp, i, v, ids[i + 2]));
                }
            }
        }
    }

    /// The logits `[rows, V]` of a document.
    public double[] logits(int[] ids) {
        return logits("", streams(ids, scope()));
    }

    /// The first MTP block's logits `[rows, V]` where row p's token is followed by `next[p]`.
    public double[] mtpLogits(int[] ids, int[] next) {
        var scope = scope();
        return mtpLogits(streams(ids, scope), next, scope);
    }

    private DoubleBlock.Scope scope() {
        int all = config.layers() + config.mtpLayers();
        return new DoubleBlock.Scope(0, new Decisions(), new LossTally(config.layers(), all));
    }

    /// The residual streams `[rows, S*D]` after the last block.
    private double[] streams(int[] ids, DoubleBlock.Scope scope) {
        double[] streams = repeat(embed(get("embed.weight"), ids, config.hiddenSize()));
        for (var block : blocks) {
            streams = block.run(streams, ids, scope);
        }
        return streams;
    }

    /// Rows of a table `[V, d]`.
    public static double[] embed(double[] table, int[] ids, int d) {
        double[] x = new double[ids.length * d];
        for (int r = 0; r < ids.length; r++) {
            System.arraycopy(table, ids[r] * d, x, r * d, d);
        }
        return x;
    }

    /// Every row `[D]` once for each stream.
    private double[] repeat(double[] x) {
        int d = config.hiddenSize();
        int width = config.hcMult() * d;
        double[] streams = new double[x.length * config.hcMult()];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = x[i / width * d + i % d];
        }
        return streams;
    }

    /// @param streams of at least as many rows as `next` has
    private double[] mtpLogits(double[] streams, int[] next, DoubleBlock.Scope scope) {
        int d = config.hiddenSize();
        double eps = config.rmsNormEps();
        String p = "mtp.0.";
        double[] used = Arrays.copyOf(streams, next.length * config.hcMult() * d);
        double[] embedded = DoubleOps.rmsNorm(embed(get("embed.weight"), next, d), get(p + "enorm.weight"), eps);
        double[] e = repeat(DoubleOps.linear(get(p + "e_proj.weight"), embedded, d));
        double[] normed = DoubleOps.rmsNorm(used, get(p + "hnorm.weight"), eps);
        double[] x = DoubleOps.linear(get(p + "h_proj.weight"), normed, d);
        for (int i = 0; i < x.length; i++) {
            x[i] += e[i];
        }
        return logits(p, new DoubleBlock(this, p, config.layers()).run(x, next, scope));
    }

    private double[] logits(String prefix, double[] streams) {
        double[] h = hyper(prefix + "hc_head").head(streams);
        double[] normed = DoubleOps.rmsNorm(h, get(prefix + "norm.weight"), config.rmsNormEps());
        return DoubleOps.linear(get("head.weight"), normed, config.hiddenSize());
    }

    DoubleHyper hyper(String name) {
        return new DoubleHyper(
                get(name + "_fn"),
                get(name + "_base"),
                get(name + "_scale"),
                config.hcMult(),
                config.sinkhornIterations(),
                config.hcEps(),
                config.rmsNormEps());
    }

    RopeTable rope(int ratio) {
        return ratio == 0 ? plainRope : compressRope;
    }

    double[] get(String name) {
        double[] parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("there is no parameter " + name);
        }
        return parameter;
    }

    int[][] tableRows(String name, int[] ids) {
        int[][] table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException("there is no table " + name);
        }
        return Arrays.stream(ids).mapToObj(id -> table[id]).toArray(int[][]::new);
    }
}
