package ai.hadal.model;

import java.util.Arrays;

/// Models with other windows made of the same tensors: a window has no weights.
final class Reshaped {

    private Reshaped() {}

    /// With another window; without its MTP blocks too unless `mtp`.
    static ModelConfig window(ModelConfig c, int window, boolean mtp) {
        int blocks = c.layers() + (mtp ? c.mtpLayers() : 0);
        return new ModelConfig(
                c.hiddenSize(),
                c.layers(),
                mtp ? c.mtpLayers() : 0,
                c.hashLayers(),
                Arrays.copyOf(c.compressRatios(), blocks),
                c.heads(),
                c.headDim(),
                c.ropeDim(),
                c.qLoraRank(),
                c.oGroups(),
                c.oLoraRank(),
                window,
                c.indexHeads(),
                c.indexHeadDim(),
                c.indexTopK(),
                c.experts(),
                c.expertsPerToken(),
                c.expertWidth(),
                c.routedScale(),
                Arrays.copyOf(c.swigluLimits(), blocks),
                Arrays.copyOf(c.sharedSwigluLimits(), blocks),
                c.hcMult(),
                c.sinkhornIterations(),
                c.hcEps(),
                c.rmsNormEps(),
                c.ropeTheta(),
                c.compressRopeTheta(),
                c.yarn(),
                c.vocabSize(),
                c.maxPositions(),
                c.bosId(),
                c.eosId());
    }
}
