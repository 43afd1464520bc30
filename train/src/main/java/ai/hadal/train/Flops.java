package ai.hadal.train;

import ai.hadal.model.ModelConfig;
import ai.hadal.train.data.Document;
import ai.hadal.train.model.Parameter;
import ai.hadal.train.model.Parameters;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Float operations: of a training step, by the usual count (two for a multiply-add; a product costs as much again
/// twice on the way back; nothing for what is only computed again), and what the machine can do.
final class Flops {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

    private Flops() {}

    /// Of the matrices that a token passes, forward and back, without the heads.
    static double perToken(Parameters parameters, boolean mtp) {
        var config = parameters.config();
        double total = 0;
        for (var p : parameters.list()) {
            if (p.kind() == Parameter.Kind.MATRIX && (mtp || !p.name().startsWith("mtp."))) {
                double share = p.name().contains(".experts.")
                        ? (double) config.expertsPerToken() / config.experts()
                        : p.name().endsWith("h_proj.weight") ? config.hcMult() : 1;
                total += share * p.size();
            }
        }
        return 6 * total;
    }

    /// Of one prediction.
    static double perPrediction(ModelConfig config) {
        return 6.0 * config.vocabSize() * config.hiddenSize();
    }

    /// Of attention over a document: two products forward and four back for every entry that a row sees.
    static double attention(ModelConfig config, Document document, boolean mtp, boolean sparse) {
        double entries = 0;
        for (int block = 0; block < config.layers() + (mtp ? 1 : 0); block++) {
            int ratio = config.compressRatios()[block];
            for (int p = 0; p < document.length(); p++) {
                int compressed = ratio == 0 ? 0 : (p + 1) / ratio;
                entries += Math.min(p + 1, config.slidingWindow())
                        + (ratio == 4 && sparse ? Math.min(compressed, config.indexTopK()) : compressed);
            }
        }
        return 12.0 * config.heads() * config.headDim() * entries;
    }

    /// Fused multiply-adds a second, times two, that one thread does from registers; the best of a few short runs.
    static double peak() {
        double best = 0;
        for (int run = 0; run < 8; run++) {
            long before = System.nanoTime();
            int rounds = 400_000;
            float check = chains(rounds);
            double seconds = (System.nanoTime() - before) / 1e9;
            if (check != 0f) {
                best = Math.max(best, 2.0 * 12 * F.length() * rounds / seconds);
            }
        }
        return best;
    }

    /// Twelve independent chains.
    private static float chains(int rounds) {
        var a = FloatVector.broadcast(F, 0.5f);
        var b = FloatVector.broadcast(F, 0.25f);
        var s0 = a;
        var s1 = a;
        var s2 = a;
        var s3 = a;
        var s4 = a;
        var s5 = a;
        var s6 = a;
        var s7 = a;
        var s8 = a;
        var s9 = a;
        var s10 = a;
        var s11 = a;
        for (int i = 0; i < rounds; i++) {
            s0 = s0.fma(a, b);
            s1 = s1.fma(a, b);
            s2 = s2.fma(a, b);
            s3 = s3.fma(a, b);
            s4 = s4.fma(a, b);
            s5 = s5.fma(a, b);
            s6 = s6.fma(a, b);
            s7 = s7.fma(a, b);
            s8 = s8.fma(a, b);
            s9 = s9.fma(a, b);
            s10 = s10.fma(a, b);
            s11 = s11.fma(a, b);
        }
        return s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .add(s10)
                .add(s11)
                .lane(0);
    }
}
