package ai.hadal.train.model;

/// How a step computes.
///
/// @param cacheRounding round key-value entries to FP8 and index queries and keys to FP4, as the engine does
/// @param sparse CSA attends to the entries that the indexer selects, else to all
/// @param indexerLoss weight of the indexer's loss; 0 leaves indexers as they are
/// @param mtpLoss weight of the MTP block's loss; 0 leaves it as it is
/// @param balanceLoss weight of the sequence-wise balance loss
/// @param indexersOnly only indexers learn
public record Mode(
        boolean cacheRounding,
        boolean sparse,
        float indexerLoss,
        float mtpLoss,
        float balanceLoss,
        boolean indexersOnly) {}
