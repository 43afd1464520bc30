package ai.hadal.train;

import java.nio.file.Path;

/// Watches a training run; called on the run's thread, in order.
public interface TrainingListener {

    /// A run begins or continues.
    ///
    /// @param totalSteps steps of the whole recipe
    /// @param firstStep the step it continues with, 0 for a new run
    /// @param parameters of the model, MTP blocks included
    /// @param flopsPerToken of a training step, forward and backward, without attention's share that grows with length
    /// @param peakFlops float operations a second that the machine's fused multiply-adds reach on all threads, measured
    record Start(long totalSteps, long firstStep, long parameters, double flopsPerToken, double peakFlops) {}

    /// One optimiser step.
    ///
    /// @param step its number, from 0
    /// @param stage name of the recipe's stage
    /// @param tokens tokens of the whole run so far
    /// @param stepTokens tokens of this step
    /// @param loss mean cross-entropy of the learnt tokens, in nats
    /// @param mtpLoss the same for the MTP block, NaN without one
    /// @param indexerLoss mean divergence of the indexer's scores from attention, 0 where it did not train
    /// @param learningRate of matrices
    /// @param gradientNorm of all parameters, before anything is scaled
    /// @param seconds wall time of the step
    /// @param flops float operations of the step
    /// @param expertLoad share of each expert, averaged over the scored layers, 1 = even
    record Step(
            long step,
            String stage,
            long tokens,
            int stepTokens,
            double loss,
            double mtpLoss,
            double indexerLoss,
            double learningRate,
            double gradientNorm,
            double seconds,
            double flops,
            float[] expertLoad) {}

    default void started(Start start) {}

    default void stepped(Step step) {}

    /// A checkpoint is complete on disk.
    default void saved(long step, Path folder) {}

    /// The loss spiked or was not a number; the run continues from an earlier checkpoint.
    ///
    /// @param step where it was noticed
    /// @param backTo the step of the checkpoint it goes back to
    default void rolledBack(long step, long backTo, String reason) {}

    /// The recipe's last step is done.
    default void finished(Path model) {}
}
