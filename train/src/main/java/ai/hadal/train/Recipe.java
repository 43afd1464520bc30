package ai.hadal.train;

import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a training run does, step by step; read from YAML by [RecipeFile].
///
/// @param file where it was read from
/// @param seed of the first values, of the data and of its order
/// @param config the model's `config.json`
/// @param tokenizer the model's `tokenizer.json`
/// @param output where the finished model goes
/// @param optimizer rates and their schedule
/// @param losses weights of the losses
/// @param checkpoint how often the run is saved
/// @param stages one after the other
public record Recipe(
        Path file,
        long seed,
        Path config,
        Path tokenizer,
        Path output,
        Rates optimizer,
        Losses losses,
        Saving checkpoint,
        List<Stage> stages) {

    /// The rate rises for `warmup` steps, stays, and falls by a half cosine to `last` of its peak from the step
    /// `decayFrom` on.
    ///
    /// @param peak of matrices
    /// @param tokenRate rate of embedding and head as a multiple of it
    /// @param vectorRate rate of vectors as a multiple of it
    public record Rates(
            double peak,
            double tokenRate,
            double vectorRate,
            double weightDecay,
            long warmup,
            long decayFrom,
            double last) {}

    /// @param mtp weight of the MTP loss; `mtpLate` from the start of the decay
    /// @param balance weight of the sequence-wise balance loss
    /// @param balanceRate how far a router's bias moves a step
    public record Losses(double mtp, double mtpLate, double balance, double balanceRate) {}

    /// @param every how many steps
    /// @param keep how many of the last checkpoints
    public record Saving(long every, int keep) {}

    /// Part of a run with its own data and sizes.
    ///
    /// @param rate multiplies the schedule's; 1 where the recipe does not say
    /// @param packs in a step; their gradients are added
    /// @param tokens most tokens in a pack, and so in a document
    /// @param sparse CSA attends to what the indexer selects, else to everything
    /// @param indexer weight of the indexer's loss
    /// @param indexersOnly everything but the indexers stays as it is
    /// @param roundedWeights train under the rounding of stored formats (FP4 experts, FP8, BF16)
    /// @param roundedCache round key-value entries to FP8 and index queries and keys to FP4, as the engine does
    /// @param data what is drawn, by weight
    public record Stage(
            String name,
            long steps,
            double rate,
            int packs,
            int tokens,
            boolean sparse,
            double indexer,
            boolean indexersOnly,
            boolean roundedWeights,
            boolean roundedCache,
            List<Data> data) {}

    /// A source of documents.
    public sealed interface Data {

        /// Its share of the documents.
        double weight();

        /// The built-in curriculum: weights of tasks, and of modes in the order non-think, high, max.
        record Nano(double weight, Map<String, Double> tasks, List<Double> modes) implements Data {}

        /// A JSON-lines file of conversations.
        record Chats(double weight, Path file) implements Data {}

        /// A plain text file.
        record Text(double weight, Path file) implements Data {}
    }

    /// Steps of all stages.
    public long steps() {
        return stages.stream().mapToLong(Stage::steps).sum();
    }

    /// The stage of a step and the stage's own first step.
    public Place at(long step) {
        long first = 0;
        for (int i = 0; i < stages.size(); i++) {
            var stage = stages.get(i);
            if (step < first + stage.steps()) {
                return new Place(stage, i, first);
            }
            first += stage.steps();
        }
        throw new HadalException(file + " has " + steps() + " steps; step " + step + " is not one of them");
    }

    /// @param index the stage's number
    /// @param first the run's step with which the stage begins
    public record Place(Stage stage, int index, long first) {}

    /// The rate of a step.
    public double rate(long step) {
        return at(step).stage().rate() * scheduled(step);
    }

    private double scheduled(long step) {
        var o = optimizer;
        if (step < o.warmup()) {
            return o.peak() * (step + 1) / o.warmup();
        }
        if (step < o.decayFrom()) {
            return o.peak();
        }
        double done = (double) (step - o.decayFrom()) / Math.max(1, steps() - o.decayFrom());
        return o.peak() * (o.last() + (1 - o.last()) * 0.5 * (1 + StrictMath.cos(Math.PI * done)));
    }
}
