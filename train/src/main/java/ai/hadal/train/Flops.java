package ai.hadal.train;

import ai.hadal.model.ModelConfig;
import ai.hadal.train.data.Document;
import ai.hadal.train.model.Parameter;
import ai.hadal.train.model.Parameters;

/// Float operations of a training step, by the usual count: two for a multiply-add; a product costs as much again
/// twice on the way back; nothing for what is only computed again.
final class Flops {

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
}
