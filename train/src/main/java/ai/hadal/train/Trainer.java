package ai.hadal.train;

import ai.hadal.error.HadalException;
import ai.hadal.train.RunFolder.State;
import ai.hadal.train.data.PackSource;
import ai.hadal.train.data.Packer;
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
    /// @param resume go on from the newest checkpoint, if there is one; else the folder's checkpoints are removed
    /// @param mostSteps steps to do now; what is left waits for the next time
    public record Options(Path folder, int threads, boolean resume, long mostSteps) {}

    /// A loss this much above the smoothed one is a spike.
    private static final double SPIKE = 2.0;

    private static final double SMOOTHING = 0.98;

    private final Recipe recipe;
    private final Options options;
    private final RunFolder folder;
    private final RecipeSteps steps;

    public Trainer(Recipe recipe, Options options) {
        this.recipe = recipe;
        this.options = options;
        folder = new RunFolder(options.folder(), recipe);
        steps = new RecipeSteps(recipe, options.threads());
    }

    /// Trains until the recipe is done, the steps asked for are done, or `cancelled` says so; the state is saved in
    /// every case.
    ///
    /// @return the finished model's folder, empty if steps are left
    public Optional<Path> run(TrainingListener listener, BooleanSupplier cancelled) {
        State state = begin();
        long until = Math.min(recipe.steps(), state.step() + options.mostSteps());
        listener.started(new TrainingListener.Start(
                recipe.steps(),
                state.step(),
                steps.parameters().size(),
                Flops.perToken(steps.parameters(), steps.hasMtp()),
                options.threads() * Flops.peak()));
        long savedAt = state.step();
        PackSource packs = null;
        int open = -1;
        try {
            while (state.step() < until && !cancelled.getAsBoolean()) {
                var place = recipe.at(state.step());
                if (place.index() != open) {
                    if (packs != null) {
                        packs.close();
                    }
                    var from = state.step() == place.first() ? Packer.State.START : state.data();
                    packs = steps.open(place.index(), from);
                    open = place.index();
                }
                long before = System.nanoTime();
                var drawn = RecipeSteps.draw(packs, place.stage());
                var result = steps.gradients(place.stage(), state.step(), drawn);
                if (isSpike(result.loss(), state)) {
                    state = rollBack(state, packs.state(), result.loss(), listener);
                    savedAt = state.step();
                    continue;
                }
                double norm = steps.move(place.stage(), state.step(), result);
                state = next(state, result, packs.state());
                listener.stepped(event(place.stage(), state, result, norm, (System.nanoTime() - before) / 1e9));
                if (state.step() % recipe.checkpoint().every() == 0) {
                    save(state, listener);
                    savedAt = state.step();
                }
            }
        } finally {
            if (packs != null) {
                packs.close();
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
        if (!options.resume()) {
            folder.clear();
        }
        Optional<Path> latest = folder.latest();
        if (latest.isPresent()) {
            return RunFolder.load(latest.get(), steps.parameters(), steps.optimizer());
        }
        steps.parameters().initialise(recipe.seed());
        return new State(0, 0, Packer.State.START, Double.NaN);
    }

    private boolean isSpike(double loss, State state) {
        return Double.isNaN(loss) || Double.isInfinite(loss) || loss > state.loss() + SPIKE;
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

    private static State next(State state, StepRunner.Result result, Packer.State data) {
        double smooth =
                Double.isNaN(state.loss()) ? result.loss() : SMOOTHING * state.loss() + (1 - SMOOTHING) * result.loss();
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
