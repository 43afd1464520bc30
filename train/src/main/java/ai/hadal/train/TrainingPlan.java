package ai.hadal.train;

import java.util.List;

/// What a recipe will cost, known before it runs.
///
/// @param recipe its name
/// @param output folder that the run writes to
/// @param model folder that the finished model goes to
/// @param parts the model's parameters, every one in exactly one part
/// @param memory bytes that the run holds at most
/// @param threads that compute
/// @param peakFlops float operations a second that the machine's fused multiply-adds reach on all threads, 0 if not
///     measured
/// @param stages in the order in which they run
public record TrainingPlan(
        String recipe,
        String output,
        String model,
        List<Part> parts,
        Memory memory,
        int threads,
        double peakFlops,
        List<Stage> stages) {

    public TrainingPlan {
        parts = List.copyOf(parts);
        stages = List.copyOf(stages);
    }

    /// A group of parameters with one use.
    ///
    /// @param parameters stored
    /// @param activeParameters that one token meets: of the routed experts its own only
    /// @param optimizer that moves them, such as `Muon`, or several
    public record Part(String name, long parameters, long activeParameters, String optimizer) {}

    /// Bytes by what they hold.
    ///
    /// @param weights master copy, and what a step computes with
    /// @param optimizer moments
    /// @param activations kept from the forward to the backward pass, of the stage that needs most; an estimate
    public record Memory(long weights, long gradients, long optimizer, long activations) {

        public long total() {
            return weights + gradients + optimizer + activations;
        }
    }

    /// Steps of one kind.
    ///
    /// @param stepTokens tokens of a step, on average
    /// @param sequenceLength most tokens that see each other
    /// @param flopsPerToken forward and backward, attention over the sequence included
    /// @param tokensPerSecond measured with this machine and this stage's shapes, 0 if not measured
    public record Stage(
            String name,
            long steps,
            long stepTokens,
            int sequenceLength,
            double flopsPerToken,
            double tokensPerSecond) {

        public long tokens() {
            return Math.multiplyExact(steps, stepTokens);
        }

        /// Estimated wall time, NaN if the speed was not measured.
        public double seconds() {
            return tokensPerSecond > 0 ? tokens() / tokensPerSecond : Double.NaN;
        }
    }

    public long parameters() {
        return parts.stream().mapToLong(Part::parameters).sum();
    }

    public long activeParameters() {
        return parts.stream().mapToLong(Part::activeParameters).sum();
    }

    public long steps() {
        return stages.stream().mapToLong(Stage::steps).sum();
    }

    public long tokens() {
        return stages.stream().mapToLong(Stage::tokens).sum();
    }

    /// Float operations of the whole run.
    public double flops() {
        return stages.stream()
                .mapToDouble(stage -> stage.tokens() * stage.flopsPerToken())
                .sum();
    }

    /// Estimated wall time of the whole run, NaN if a stage's speed was not measured.
    public double seconds() {
        return stages.stream().mapToDouble(Stage::seconds).sum();
    }
}
