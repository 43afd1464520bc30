package ai.hadal.train;

import ai.hadal.model.ModelPart;
import ai.hadal.model.TensorPlan;
import ai.hadal.train.data.Document;
import ai.hadal.train.data.Packer;
import ai.hadal.train.gradient.PeakFlops;
import ai.hadal.train.model.ActivationSize;
import ai.hadal.train.model.Parameter;
import ai.hadal.train.model.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells what a recipe will cost. It takes two real steps of each shape that the recipe's stages have, on values drawn
/// from the recipe's seed and with the recipe's data, and times the last; it writes nothing.
public final class Planner {

    /// Steps of each shape. All shapes take their first before any takes its last, which is timed, so that the JIT has
    /// seen everything by then.
    private static final int STEPS = 2;

    /// What the time for a token depends on.
    private record Shape(
            int packs,
            int tokens,
            boolean sparse,
            boolean indexers,
            boolean indexersOnly,
            boolean roundedWeights,
            boolean roundedCache) {

        static Shape of(Recipe.Stage stage) {
            return new Shape(
                    stage.packs(),
                    stage.tokens(),
                    stage.sparse(),
                    stage.indexer() > 0,
                    stage.indexersOnly(),
                    stage.roundedWeights(),
                    stage.roundedCache());
        }
    }

    private final Recipe recipe;
    private final Path output;
    private final int threads;

    /// @param output folder that the run would write to
    public Planner(Recipe recipe, Path output, int threads) {
        this.recipe = recipe;
        this.output = output;
        this.threads = threads;
    }

    /// @throws ai.hadal.error.HadalException if model, vocabulary or data of the recipe are wrong
    public TrainingPlan plan() {
        try (var steps = new RecipeSteps(recipe, threads)) {
            var parameters = steps.parameters();
            steps.initialise();
            List<Trial> trials = new ArrayList<>();
            Map<Shape, Trial> timed = new LinkedHashMap<>();
            for (long first = 0; first < recipe.steps(); ) {
                var trial = new Trial(steps, recipe.at(first));
                trials.add(trial);
                timed.putIfAbsent(Shape.of(trial.stage), trial);
                first += trial.stage.steps();
            }
            trials.getFirst().step(0);
            for (int i = 0; i < STEPS; i++) {
                for (var trial : timed.values()) {
                    trial.step(i);
                }
            }
            List<TrainingPlan.Stage> stages = new ArrayList<>();
            for (var trial : trials) {
                stages.add(trial.result(timed.getOrDefault(Shape.of(trial.stage), trial)));
            }
            return new TrainingPlan(
                    recipe.file().toString(),
                    output.toString(),
                    recipe.output().toString(),
                    parts(parameters),
                    memory(parameters),
                    threads,
                    threads * PeakFlops.measure(),
                    stages);
        }
    }

    /// Steps of a stage, which may be taken and timed.
    private static final class Trial {

        private final RecipeSteps steps;
        private final Recipe.Stage stage;
        private final long first;
        private final List<List<List<Document>>> packs = new ArrayList<>();
        private final long tokens;
        private double flopsPerToken;
        private double tokensPerSecond;

        Trial(RecipeSteps steps, Recipe.Place place) {
            this.steps = steps;
            stage = place.stage();
            first = place.first();
            try (var data = steps.data()) {
                var source = data.packs(place, new RunFolder.State(first, 0, Packer.State.START, Double.NaN));
                for (int i = 0; i < STEPS; i++) {
                    packs.add(RecipeSteps.draw(source, stage));
                }
            }
            tokens = packs.stream()
                    .flatMap(List::stream)
                    .flatMap(List::stream)
                    .mapToLong(Document::length)
                    .sum();
        }

        void step(int i) {
            long before = System.nanoTime();
            var result = steps.gradients(stage, first, packs.get(i));
            steps.move(stage, first, result);
            tokensPerSecond = result.tokens() / ((System.nanoTime() - before) / 1e9);
            flopsPerToken = result.flops() / result.tokens();
        }

        /// @param timed the trial of this shape that took steps
        TrainingPlan.Stage result(Trial timed) {
            return new TrainingPlan.Stage(
                    stage.name(),
                    stage.steps(),
                    Math.ceilDiv(tokens, STEPS),
                    stage.tokens(),
                    timed.flopsPerToken,
                    timed.tokensPerSecond);
        }
    }

    private static List<TrainingPlan.Part> parts(Parameters parameters) {
        var config = parameters.config();
        Map<ModelPart, Tally> tallies = new EnumMap<>(ModelPart.class);
        for (var planned : TensorPlan.of(config)) {
            if (planned.parameters()) {
                var tally = tallies.computeIfAbsent(planned.part(), _ -> new Tally());
                if (planned.routed()) {
                    tally.routed += planned.elements();
                } else {
                    tally.plain += planned.elements();
                }
                tally.kinds.add(parameters.get(planned.name()).kind());
            }
        }
        List<TrainingPlan.Part> parts = new ArrayList<>();
        tallies.forEach((part, tally) -> parts.add(new TrainingPlan.Part(
                part.label(),
                tally.plain + tally.routed,
                tally.plain + tally.routed / config.experts() * config.expertsPerToken(),
                tally.optimizers())));
        return parts;
    }

    /// The parameters of a part.
    private static final class Tally {

        private long plain;
        private long routed;
        private final Set<Parameter.Kind> kinds = EnumSet.noneOf(Parameter.Kind.class);

        String optimizers() {
            return kinds.stream()
                    .map(kind -> switch (kind) {
                        case MATRIX -> "Muon";
                        case TOKENS, VECTOR -> "AdamW";
                        case BALANCE -> "balance";
                    })
                    .distinct()
                    .collect(Collectors.joining(", "));
        }
    }

    private TrainingPlan.Memory memory(Parameters parameters) {
        long values = 4L * parameters.size();
        long stored = 0;
        int buffers = 0;
        int longest = 0;
        boolean rounded = false;
        for (var stage : recipe.stages()) {
            buffers = Math.max(buffers, Math.min(StepRunner.MOST_BUFFERS, stage.packs()));
            longest = Math.max(longest, stage.tokens());
            rounded |= stage.roundedWeights();
        }
        for (var p : parameters.list()) {
            stored += p.stored().bytes(p.size());
        }
        // The master copy, the used values and their native copy; the stored form while it is made anew.
        long weights = 3 * values + (rounded ? 2 * stored : 0);
        long activations = ActivationSize.perToken(parameters.config()) * longest * threads;
        return new TrainingPlan.Memory(weights, buffers * values, 2 * values, activations);
    }
}
