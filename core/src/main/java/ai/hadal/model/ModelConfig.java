package ai.hadal.model;

/// The shape of a DeepSeek-V4 model. Field names are the architecture's; see the report's configuration table.
///
/// @param hiddenSize D, the model width
/// @param layers L, main blocks without the MTP blocks
/// @param mtpLayers M, multi-token-prediction blocks stored in the checkpoint
/// @param hashLayers blocks `0 .. hashLayers-1` route experts by token id
/// @param compressRatios per block 0 (SWA only), 4 (CSA) or 128 (HCA), length L + M
/// @param heads H, query heads
/// @param headDim d, query, key and value width, the rope part included
/// @param ropeDim dr, the last components of a head that carry rope
/// @param qLoraRank rank of the low-rank query
/// @param oGroups G, groups of the low-rank output projection
/// @param oLoraRank rank of each output group
/// @param slidingWindow W, raw key-value entries a query sees, its own included
/// @param indexHeads heads of the lightning indexer
/// @param indexHeadDim width of an indexer head, a power of two
/// @param indexTopK K, compressed entries a CSA query may select
/// @param experts E, routed experts
/// @param expertsPerToken k
/// @param expertWidth F, hidden width of routed and shared experts
/// @param routedScale factor on the renormalised routing weights
/// @param swigluLimits per block (length L + M) the clamp of routed experts, 0 for none
/// @param sharedSwigluLimits per block (length L + M) the clamp of the shared expert, 0 for none
/// @param hcMult S, residual streams
/// @param sinkhornIterations T
/// @param hcEps epsilon of the hyper-connections
/// @param rmsNormEps epsilon of every norm
/// @param ropeTheta rope base of blocks with ratio 0
/// @param compressRopeTheta rope base of blocks with ratio 4 or 128
/// @param yarn scaling of the compress rope table
/// @param vocabSize V
/// @param maxPositions longest sequence the model was made for
/// @param bosId id that begins a sequence
/// @param eosId id that ends a reply
public record ModelConfig(
        int hiddenSize,
        int layers,
        int mtpLayers,
        int hashLayers,
        int[] compressRatios,
        int heads,
        int headDim,
        int ropeDim,
        int qLoraRank,
        int oGroups,
        int oLoraRank,
        int slidingWindow,
        int indexHeads,
        int indexHeadDim,
        int indexTopK,
        int experts,
        int expertsPerToken,
        int expertWidth,
        float routedScale,
        float[] swigluLimits,
        float[] sharedSwigluLimits,
        int hcMult,
        int sinkhornIterations,
        float hcEps,
        float rmsNormEps,
        double ropeTheta,
        double compressRopeTheta,
        Yarn yarn,
        int vocabSize,
        int maxPositions,
        int bosId,
        int eosId) {

    /// YaRN scaling; a factor of 1 leaves the table as it is.
    public record Yarn(double factor, int originalMaxPositions, double betaFast, double betaSlow) {}

    /// The softmax scale, `headDim^-1/2`.
    public float attentionScale() {
        return (float) (1.0 / Math.sqrt(headDim));
    }
}
