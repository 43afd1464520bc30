package ai.hadal.train;

import ai.hadal.error.HadalException;
import ai.hadal.train.RunFolder.State;
import ai.hadal.train.data.Packer;
import ai.hadal.train.gradient.PeakFlops;
import ai.hadal.train.model.ParameterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Runs a recipe: draws packs, computes gradients, moves parameters, saves, and continues where a run stopped. The
/// same recipe gives the same bits with any number of threads, straight through or in pieces.
public final class Trainer implements AutoCloseable {

    /// How a run is carried out; nothing here changes a result.
    ///
    /// @param folder of the run's checkpoints
    /// @param threads that compute
    /// @param resume go on from the newest checkpoint, if there is one
    /// @param mostSteps steps to do now; what is left waits for the next time
    public record Options(Path folder, int threads, boolean resume, long mostSteps) {}

    /// A loss this much above the smoothed one is a spike.
    private static final double SPIKE = 2.0;

    private static final double SMOOTHING = 0.98;

    /// How often a run may go back to one checkpoint before it gives up.
    private static final int MOST_ROLL_BACKS = 5;

    private final Recipe recipe;
    private final Options options;
    private final RecipeSteps steps;
    private final RunFolder folder;

    public Trainer(Recipe recipe, Options options) {
        this.recipe = recipe;
        this.options = options;
        steps = new RecipeSteps(recipe, options.threads());
        folder = new RunFolder(options.folder(), recipe);
    }

    /// Trains until the recipe is done, the steps asked for are done, or `cancelled` says so; the state is saved in
    /// every case.
    ///
    /// @return the finished model's folder, empty if steps are left
    public Optional<Path> run(TrainingListener listener, BooleanSupplier cancelled) {
        State state = begin();
        long until = state.step() + Math.min(options.mostSteps(), recipe.steps() - state.step());
        listener.started(new TrainingListener.Start(
                recipe.steps(),
                state.step(),
                steps.parameters().size(),
                Flops.perToken(steps.parameters(), steps.hasMtp()),
                options.threads() * PeakFlops.measure()));
        long savedAt = state.step();
        int rollBacks = 0;
        try (var data = steps.data()) {
            while (state.step() < until && !cancelled.getAsBoolean()) {
                var place = recipe.at(state.step());
                var packs = data.packs(place, state);
                long before = System.nanoTime();
                var drawn = RecipeSteps.draw(packs, place.stage());
                var result = steps.gradients(place.stage(), state.step(), drawn);
                if (isSpike(result.loss(), state, place)) {
                    if (rollBacks++ == MOST_ROLL_BACKS) {
                        throw stuck(state, result.loss());
                    }
                    state = rollBack(state, packs.state(), result.loss(), listener);
                    savedAt = state.step();
                    continue;
                }
                double norm = steps.move(place.stage(), state.step(), result);
                state = next(state, place, result, packs.state());
                listener.stepped(event(place.stage(), state, result, norm, (System.nanoTime() - before) / 1e9));
                // A stage's end too, so that a spike never leads back into another stage.
                boolean ended = state.step() == place.first() + place.stage().steps();
                if (ended || state.step() % recipe.checkpoint().every() == 0) {
                    save(state, listener);
                    savedAt = state.step();
                    rollBacks = 0;
                }
            }
        }
        if (savedAt != state.step()) {
            save(state, listener);
        }
        if (state.step() < recipe.steps()) {
            return Optional.empty();
        }
        var model = export();
        listener.finished(model);
        return Optional.of(model);
    }

    private State begin() {
        Optional<Path> latest = folder.latest();
        if (latest.isPresent() && !options.resume()) {
            throw new HadalException(options.folder() + " holds a run already, up to "
                    + latest.get().getFileName() + "; continue it, or give a new run another folder");
        }
        if (latest.isPresent()) {
            return RunFolder.load(latest.get(), steps.parameters(), steps.optimizer());
        }
        steps.initialise();
        return new State(0, 0, Packer.State.START, Double.NaN);
    }

    /// A new stage has other data, whose loss is compared with nothing.
    private static boolean isSpike(double loss, State state, Recipe.Place place) {
        return Double.isNaN(loss)
                || Double.isInfinite(loss)
                || (state.step() > place.first() && loss > state.loss() + SPIKE);
    }

    private HadalException stuck(State state, double loss) {
        return new HadalException("the loss is " + loss + " at step " + state.step() + ", after " + MOST_ROLL_BACKS
                + " returns to the newest checkpoint in " + options.folder()
                + "; delete that checkpoint, or lower optimizer.peak in " + recipe.file());
    }

    /// Goes back to the newest checkpoint, but not to its data: the packs that made the spike are left out.
    private State rollBack(State state, Packer.State data, double loss, TrainingListener listener) {
        Path latest = folder.latest()
                .orElseThrow(() -> new HadalException("the loss is " + loss + " at step " + state.step()
                        + " before the first checkpoint; lower optimizer.peak or raise optimizer.warmup in "
                        + recipe.file()));
        var saved = RunFolder.load(latest, steps.parameters(), steps.optimizer());
        listener.rolledBack(state.step(), saved.step(), "loss " + loss + " after " + state.loss());
        boolean sameStage =
                recipe.at(saved.step()).index() == recipe.at(state.step()).index();
        return sameStage ? new State(saved.step(), saved.tokens(), data, saved.loss()) : saved;
    }

    private static State next(State state, Recipe.Place place, StepRunner.Result result, Packer.State data) {
        double smooth = state.step() == place.first()
                ? result.loss()
                : SMOOTHING * state.loss() + (1 - SMOOTHING) * result.loss();
        return new State(state.step() + 1, state.tokens() + result.tokens(), data, smooth);
    }

    private TrainingListener.Step event(
            Recipe.Stage stage, State state, StepRunner.Result result, double norm, double seconds) {
        return new TrainingListener.Step(
                state.step() - 1,
                stage.name(),
                state.tokens(),
                result.tokens(),
                result.loss(),
                result.mtpLoss(),
                result.indexerLoss(),
                recipe.rate(state.step() - 1),
                norm,
                seconds,
                result.flops(),
                result.load());
    }

    private void save(State state, TrainingListener listener) {
        listener.saved(state.step(), folder.save(state, steps.parameters(), steps.optimizer()));
    }

    /// Writes the finished model in the official layout.
    private Path export() {
        try {
            Files.createDirectories(recipe.output());
            ParameterFile.write(steps.parameters(), true, recipe.output().resolve("model.safetensors"));
            copy(recipe.config(), recipe.output().resolve("config.json"));
            copy(recipe.tokenizer(), recipe.output().resolve("tokenizer.json"));
        } catch (IOException e) {
            throw new HadalException(
                    recipe.output() + " cannot be written (" + e + "); check space and permissions", e);
        }
        return recipe.output();
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(to) || !Files.isSameFile(from, to)) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() {
        steps.close();
    }
}
