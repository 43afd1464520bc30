package ai.hadal.train.model;

import ai.hadal.backend.host.HostActivations;
import ai.hadal.model.ModelConfig;
import ai.hadal.train.data.Document;
import ai.hadal.train.gradient.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The whole model on one pack of documents, forward and back, by one thread.
public final class ModelPass implements AutoCloseable {

    /// Sums over a pack.
    ///
    /// @param loss cross-entropy of the learnt tokens, in nats
    /// @param mtpLoss the same for the MTP block
    /// @param indexerLoss divergences of indexers
    /// @param balanceLoss the balance loss, its weight included
    /// @param load rows of each expert, by the name of the bias that moves them, of blocks that choose by score
    public record Sums(double loss, double mtpLoss, double indexerLoss, double balanceLoss, Map<String, long[]> load) {}

    /// How losses of single tokens and positions weigh; of the whole step, so that packs add up.
    ///
    /// @param token of a predicted token
    /// @param mtpToken of a token that the MTP block predicts
    /// @param indexer of a position of an indexer
    /// @param balance of a document
    public record Factors(float token, float mtpToken, float indexer, float balance) {}

    private final Workbench bench;
    private final ModelConfig config;
    private final List<BlockPass> blocks = new ArrayList<>();
    private final List<HostActivations> streams = new ArrayList<>();
    private final HeadPass head;
    private final @Nullable MtpPass mtp;

    public ModelPass(Parameters parameters) {
        bench = new Workbench(parameters);
        config = parameters.config();
        int width = config.hcMult() * config.hiddenSize();
        streams.add(new HostActivations(width));
        for (int l = 0; l < config.layers(); l++) {
            blocks.add(new BlockPass(bench, "layers." + l + ".", l));
            streams.add(new HostActivations(width));
        }
        head = new HeadPass(bench, "norm.weight", "hc_head");
        mtp = config.mtpLayers() > 0 ? new MtpPass(bench) : null;
    }

    /// Runs a pack and adds its gradients to `gradients`, which is as long as the parameters' values.
    public Sums run(List<Document> documents, Mode mode, Factors factors, float[] gradients) {
        bench.addTo(gradients);
        var rows = Rows.of(documents, config);
        forward(rows, mode);
        HostActivations last = streams.getLast();
        float[] dStreams = new float[rows.count * last.cols()];
        double loss = 0;
        double mtpLoss = 0;
        if (!mode.indexersOnly()) {
            int[] predicting = rows(documents, 1);
            loss = head.run(last, predicting, targets(documents, 1), factors.token(), dStreams);
            if (mtp != null && mode.mtpLoss() > 0) {
                mtpLoss = mtp.run(documents, last, mode, factors, dStreams);
            }
        }
        double indexerLoss = 0;
        double balanceLoss = 0;
        for (int l = blocks.size() - 1; l >= 0; l--) {
            var block = blocks.get(l);
            dStreams = block.backward(
                    rows, streams.get(l), dStreams, factors.indexer(), mode.indexersOnly() ? 0f : factors.balance());
            indexerLoss += block.attention().indexerLoss();
            balanceLoss += block.moe().balanceLoss();
        }
        embedBack(rows, dStreams);
        return new Sums(loss, mtpLoss, indexerLoss, balanceLoss, load(mode));
    }

    private Map<String, long[]> load(Mode mode) {
        Map<String, long[]> load = new LinkedHashMap<>();
        for (var block : blocks) {
            addLoad(block.moe(), load);
        }
        if (mtp != null && mode.mtpLoss() > 0 && !mode.indexersOnly()) {
            addLoad(mtp.moe(), load);
        }
        return load;
    }

    private void addLoad(MoePass moe, Map<String, long[]> load) {
        if (moe.scored()) {
            long[] counts = new long[config.experts()];
            moe.countLoad(counts);
            load.put(moe.bias(), counts);
        }
    }

    /// The logits of every row, as the engine must give them.
    public float[] logits(List<Document> documents, Mode mode) {
        var rows = Rows.of(documents, config);
        forward(rows, mode);
        int[] all = new int[rows.count];
        Arrays.setAll(all, i -> i);
        return head.logits(streams.getLast(), all);
    }

    private void forward(Rows rows, Mode mode) {
        var embedded = new HostActivations(config.hiddenSize());
        bench.ops.embed(bench.weight("embed.weight"), rows.ids, rows.count, embedded);
        bench.ops.fillStreams(embedded, streams.getFirst().resize(rows.count));
        for (int l = 0; l < blocks.size(); l++) {
            blocks.get(l).forward(rows, streams.get(l), streams.get(l + 1), mode);
        }
    }

    /// Streams begin as copies of the embedding.
    private void embedBack(Rows rows, float[] dStreams) {
        int d = config.hiddenSize();
        int at = bench.gradient("embed.weight");
        for (int r = 0; r < rows.count; r++) {
            for (int s = 0; s < config.hcMult(); s++) {
                Vectors.add(bench.gradients(), at + rows.ids[r] * d, dStreams, (r * config.hcMult() + s) * d, d);
            }
        }
    }

    /// Rows whose token `ahead` places later is learnt, counted in rows of documents that are `ahead - 1` shorter.
    static int[] rows(List<Document> documents, int ahead) {
        return collect(documents, ahead, true);
    }

    static int[] targets(List<Document> documents, int ahead) {
        return collect(documents, ahead, false);
    }

    private static int[] collect(List<Document> documents, int ahead, boolean rows) {
        int[] found = new int[documents.stream().mapToInt(Document::length).sum()];
        int count = 0;
        int start = 0;
        for (var document : documents) {
            for (int p = 0; p + ahead < document.length(); p++) {
                if (document.learnt()[p + ahead]) {
                    found[count++] = rows ? start + p : document.ids()[p + ahead];
                }
            }
            start += Math.max(0, document.length() - (ahead - 1));
        }
        return Arrays.copyOf(found, count);
    }

    /// How many tokens a pack predicts, `ahead` places ahead.
    public static int predicted(List<Document> documents, int ahead) {
        return rows(documents, ahead).length;
    }

    @Override
    public void close() {
        bench.close();
    }
}
