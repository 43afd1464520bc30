package ai.hadal.train.model;

import ai.hadal.backend.InputRounding;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.train.gradient.CrossEntropy;
import ai.hadal.train.gradient.NormGradient;
import ai.hadal.train.gradient.Vectors;

/// The prediction head on the rows whose next token is learnt: hyper-connection, norm, logits and loss, forward and
/// back in one go, a few rows of logits at a time.
final class HeadPass {

    private static final int CHUNK = 64;

    private final Workbench bench;
    private final String norm;
    private final HyperPass hyper;
    private final HostActivations streams;
    private final HostActivations mixed;
    private final HostActivations normed;
    private final HostActivations part;
    private final HostActivations logits;

    /// @param norm the final norm's name
    /// @param hyper prefix of the head's hyper-connection
    HeadPass(Workbench bench, String norm, String hyper) {
        this.bench = bench;
        this.norm = norm;
        this.hyper = new HyperPass(bench, hyper);
        var config = bench.parameters.config();
        streams = new HostActivations(config.hcMult() * config.hiddenSize());
        mixed = new HostActivations(config.hiddenSize());
        normed = new HostActivations(config.hiddenSize());
        part = new HostActivations(config.hiddenSize());
        logits = new HostActivations(config.vocabSize());
    }

    /// Adds gradients of parameters, and of the streams to `dStreams`; returns the summed loss in nats.
    ///
    /// @param rows the rows that predict
    /// @param targets what each of them is to predict
    /// @param factor weight of one prediction's loss
    double run(HostActivations all, int[] rows, int[] targets, float factor, float[] dStreams) {
        if (rows.length == 0) {
            return 0;
        }
        forward(all, rows);
        int d = mixed.cols();
        int width = streams.cols();
        float[] dNormed = new float[rows.length * d];
        double loss = 0;
        for (int first = 0; first < rows.length; first += CHUNK) {
            int n = Math.min(CHUNK, rows.length - first);
            logits(first, n);
            loss += CrossEntropy.gradient(logits.data(), n, logits.cols(), targets, first, factor);
            float[] dPart = new float[n * d];
            bench.linearBack("head.weight", part.data(), n, logits.data(), dPart);
            System.arraycopy(dPart, 0, dNormed, first * d, n * d);
        }
        float[] dMixed = new float[rows.length * d];
        NormGradient.rms(
                rows.length,
                d,
                mixed.data(),
                bench.vector(norm),
                bench.parameters.config().rmsNormEps(),
                dNormed,
                dMixed,
                bench.gradients(),
                bench.gradient(norm));
        float[] dChosen = new float[rows.length * width];
        hyper.headBack(streams, dMixed, dChosen);
        for (int i = 0; i < rows.length; i++) {
            Vectors.add(dStreams, rows[i] * width, dChosen, i * width, width);
        }
        return loss;
    }

    /// The logits of rows, for comparison with the engine.
    float[] logits(HostActivations all, int[] rows) {
        forward(all, rows);
        float[] result = new float[rows.length * logits.cols()];
        for (int first = 0; first < rows.length; first += CHUNK) {
            int n = Math.min(CHUNK, rows.length - first);
            logits(first, n);
            System.arraycopy(logits.data(), 0, result, first * logits.cols(), n * logits.cols());
        }
        return result;
    }

    private void forward(HostActivations all, int[] rows) {
        bench.ops.gatherRows(all, rows, streams);
        hyper.head(streams, mixed);
        bench.ops.rmsNorm(mixed, bench.vector(norm), bench.parameters.config().rmsNormEps(), normed);
    }

    private void logits(int first, int n) {
        int d = normed.cols();
        part.resize(n);
        System.arraycopy(normed.data(), first * d, part.data(), 0, n * d);
        bench.ops.linear(bench.weight("head.weight"), part, InputRounding.NONE, logits);
    }
}
