package ai.hadal.train.check;

/// The terms of the loss.
///
/// @param crossEntropy mean over learnt tokens of the batch
/// @param mtp the MTP block's mean cross-entropy over learnt tokens two ahead
/// @param balance sequence-wise balance loss: summed over the main blocks that route by score, mean over documents
/// @param mtpBalance the same of the MTP block, over the rows that predict
/// @param indexer divergence of index scores from attention: summed over CSA blocks, mean over a block's rows
public record Losses(double crossEntropy, double mtp, double balance, double mtpBalance, double indexer) {

    /// Factors of the terms beside the cross-entropy.
    public record Weights(double mtp, double balance, double mtpBalance, double indexer) {}

    public double total(Weights w) {
        return crossEntropy
                + w.mtp() * mtp
                + w.balance() * balance
                + w.mtpBalance() * mtpBalance
                + w.indexer() * indexer;
    }
}
