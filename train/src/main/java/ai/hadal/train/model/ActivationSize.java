package ai.hadal.train.model;

import ai.hadal.model.ModelConfig;

/// How much memory a [ModelPass] takes for each row of a pack, for plans: an estimate, since experts' rows are
/// counted as if their load were even.
public final class ActivationSize {

    private final ModelConfig config;
    private final int d;
    private final int streams;

    private ActivationSize(ModelConfig config) {
        this.config = config;
        d = config.hiddenSize();
        streams = config.hcMult() * d;
    }

    /// Bytes for one token.
    public static long perToken(ModelConfig config) {
        return 4L * new ActivationSize(config).floats();
    }

    private long floats() {
        // Streams before each block and after the last; what heads mix and norm, and their way back.
        long sum = (long) streams * (config.layers() + 1) + head();
        long widest = 0;
        for (int l = 0; l < config.layers(); l++) {
            sum += block(config.compressRatios()[l]);
            widest = Math.max(widest, block(config.compressRatios()[l]));
        }
        if (config.mtpLayers() > 0) {
            sum += block(config.compressRatios()[config.layers()]) + head() + 3L * d + 4L * streams;
        }
        // A block's way back makes a gradient for about everything that its way forward kept.
        return sum + widest;
    }

    private long head() {
        return 2L * streams + 4L * d;
    }

    private long block(int ratio) {
        int s = config.hcMult();
        long hyper = 2L * (s + s * s + (2 + s) * s);
        return hyper + 6L * d + streams + attention(ratio) + experts();
    }

    private long attention(int ratio) {
        long wide = (long) config.heads() * config.headDim();
        long sum = 2L * config.qLoraRank()
                + 3 * wide
                + 2L * config.headDim()
                + (long) config.oGroups() * config.oLoraRank();
        if (ratio != 0) {
            sum += compressor(ratio, config.headDim());
        }
        if (ratio == 4) {
            sum += compressor(ratio, config.indexHeadDim()) + (long) config.indexHeads() * (config.indexHeadDim() + 1);
        }
        return sum;
    }

    /// Values, gates and entries.
    private static long compressor(int ratio, int width) {
        return 2L * (ratio == 4 ? 2 * width : width) + Math.ceilDiv(width, ratio);
    }

    /// Each chosen expert's and the shared expert's input, output, gate, up and hidden, and the results by slot.
    private long experts() {
        return config.experts() + (config.expertsPerToken() + 1) * (3L * d + 3L * config.expertWidth());
    }
}
