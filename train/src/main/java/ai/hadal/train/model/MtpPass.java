package ai.hadal.train.model;

import ai.hadal.backend.host.HostActivations;
import ai.hadal.model.ModelConfig;
import ai.hadal.train.data.Document;
import ai.hadal.train.gradient.NormGradient;
import ai.hadal.train.gradient.Vectors;
import ai.hadal.train.model.ModelPass.Factors;
import java.util.List;

/// The MTP block: the streams of position p and the token at p+1 predict the token at p+2.
final class MtpPass {

    private static final String P = "mtp.0.";

    private final Workbench bench;
    private final ModelConfig config;
    private final BlockPass block;
    private final HeadPass head;
    private final HostActivations embedded;
    private final HostActivations embeddedNormed;
    private final HostActivations projected;
    private final HostActivations previous;
    private final HostActivations previousNormed;
    private final HostActivations in;
    private final HostActivations out;

    MtpPass(Workbench bench) {
        this.bench = bench;
        this.config = bench.parameters.config();
        int d = config.hiddenSize();
        int width = config.hcMult() * d;
        block = new BlockPass(bench, P, config.layers());
        head = new HeadPass(bench, P + "norm.weight", P + "hc_head");
        embedded = new HostActivations(d);
        embeddedNormed = new HostActivations(d);
        projected = new HostActivations(d);
        previous = new HostActivations(width);
        previousNormed = new HostActivations(width);
        in = new HostActivations(width);
        out = new HostActivations(width);
    }

    MoePass moe() {
        return block.moe();
    }

    /// Adds gradients of parameters, and of the main model's streams to `dLast`; returns the summed loss in nats.
    double run(List<Document> documents, HostActivations last, Mode mode, Factors factors, float[] dLast) {
        var rows = Rows.of(documents, config, 1);
        int n = rows.count;
        if (n == 0) {
            return 0;
        }
        int d = config.hiddenSize();
        int s = config.hcMult();
        float eps = config.rmsNormEps();
        var ops = bench.ops;
        int[] from = sources(documents, n);
        ops.embed(bench.weight("embed.weight"), rows.ids, n, embedded);
        ops.rmsNorm(embedded, bench.vector(P + "enorm.weight"), eps, embeddedNormed);
        bench.linear(P + "e_proj.weight", embeddedNormed, projected);
        ops.gatherRows(last, from, previous);
        previousNormed.resize(n);
        in.resize(n);
        var streamRows = previousNormed.view(n * s, d);
        ops.rmsNorm(previous.view(n * s, d), bench.vector(P + "hnorm.weight"), eps, streamRows);
        bench.linear(P + "h_proj.weight", streamRows, in.view(n * s, d));
        ops.addToStreams(projected, in);
        block.forward(rows, in, out, mode);

        float[] dOut = new float[n * s * d];
        double loss =
                head.run(out, ModelPass.rows(documents, 2), ModelPass.targets(documents, 2), factors.mtpToken(), dOut);
        float[] dIn = block.backward(rows, in, dOut, 0f, 0f);
        float[] dProjected = new float[n * d];
        for (int r = 0; r < n; r++) {
            for (int k = 0; k < s; k++) {
                Vectors.add(dProjected, r * d, dIn, (r * s + k) * d, d);
            }
        }
        float[] dNormed = new float[n * s * d];
        bench.linearBack(P + "h_proj.weight", previousNormed.data(), n * s, dIn, dNormed);
        float[] dPrevious = new float[n * s * d];
        norm("hnorm.weight", n * s, previous, dNormed, dPrevious);
        for (int r = 0; r < n; r++) {
            Vectors.add(dLast, from[r] * s * d, dPrevious, r * s * d, s * d);
        }
        float[] dEmbeddedNormed = new float[n * d];
        bench.linearBack(P + "e_proj.weight", embeddedNormed.data(), n, dProjected, dEmbeddedNormed);
        float[] dEmbedded = new float[n * d];
        norm("enorm.weight", n, embedded, dEmbeddedNormed, dEmbedded);
        int at = bench.gradient("embed.weight");
        for (int r = 0; r < n; r++) {
            Vectors.add(bench.gradients(), at + rows.ids[r] * d, dEmbedded, r * d, d);
        }
        return loss;
    }

    private void norm(String name, int parts, HostActivations x, float[] dY, float[] dX) {
        NormGradient.rms(
                parts,
                config.hiddenSize(),
                x.data(),
                bench.vector(P + name),
                config.rmsNormEps(),
                dY,
                dX,
                bench.gradients(),
                bench.gradient(P + name));
    }

    /// The main model's row that each MTP row continues.
    private static int[] sources(List<Document> documents, int n) {
        int[] from = new int[n];
        int row = 0;
        int start = 0;
        for (var document : documents) {
            for (int p = 0; p + 1 < document.length(); p++) {
                from[row++] = start + p;
            }
            start += document.length();
        }
        return from;
    }
}
