package ai.hadal.train;

import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelConfigs;
import ai.hadal.tokenizer.Tokenizer;
import ai.hadal.train.data.Document;
import ai.hadal.train.data.PackSource;
import ai.hadal.train.model.Mode;
import ai.hadal.train.model.Parameters;
import ai.hadal.train.optimizer.Optimizer;
import ai.hadal.train.tokenizer.Kin;
import java.util.ArrayList;
import java.util.List;

/// The steps of a recipe: the model, its optimiser and its data, and what the recipe wants of each step. Writes no
/// file.
final class RecipeSteps implements AutoCloseable {

    private final Recipe recipe;
    private final ModelConfig config;
    private final Tokenizer tokenizer;
    private final Parameters parameters;
    private final Optimizer optimizer;
    private final StepRunner runner;

    /// @throws HadalException if model and vocabulary do not fit each other, or data is missing
    RecipeSteps(Recipe recipe, int threads) {
        this.recipe = recipe;
        config = ModelConfigs.ofFile(recipe.config());
        tokenizer = Tokenizer.fromJson(recipe.tokenizer());
        if (tokenizer.size() != config.vocabSize()) {
            throw new HadalException(recipe.config() + " has a vocab_size of " + config.vocabSize() + ", but "
                    + recipe.tokenizer() + " has " + tokenizer.size() + " entries; make them equal");
        }
        TrainingData.check(recipe, tokenizer);
        parameters = new Parameters(config);
        var rates = recipe.optimizer();
        optimizer = new Optimizer(
                parameters,
                new Optimizer.Options(
                        (float) rates.weightDecay(), (float) rates.tokenRate(), (float) rates.vectorRate()),
                threads);
        runner = new StepRunner(parameters, optimizer, threads);
    }

    Parameters parameters() {
        return parameters;
    }

    /// The first values of the recipe's seed.
    void initialise() {
        parameters.initialise(recipe.seed(), Kin.of(tokenizer));
    }

    Optimizer optimizer() {
        return optimizer;
    }

    boolean hasMtp() {
        return config.mtpLayers() > 0;
    }

    /// The recipe's data, from wherever a run is.
    TrainingData data() {
        return new TrainingData(recipe, tokenizer);
    }

    /// The packs of one step.
    static List<List<Document>> draw(PackSource packs, Recipe.Stage stage) {
        List<List<Document>> drawn = new ArrayList<>();
        for (int i = 0; i < stage.packs(); i++) {
            drawn.add(packs.nextPack());
        }
        return drawn;
    }

    StepRunner.Result gradients(Recipe.Stage stage, long step, List<List<Document>> packs) {
        var losses = recipe.losses();
        double mtp = !hasMtp() ? 0 : step < recipe.optimizer().decayFrom() ? losses.mtp() : losses.mtpLate();
        var mode = new Mode(
                stage.roundedCache(),
                stage.sparse(),
                (float) stage.indexer(),
                (float) mtp,
                (float) losses.balance(),
                stage.indexersOnly());
        return runner.gradients(packs, mode, stage.roundedWeights());
    }

    /// Moves the parameters by the last gradients; returns the norm of all of them.
    double move(Recipe.Stage stage, long step, StepRunner.Result result) {
        var moved = new StepRunner.Moved(
                stage.indexer() > 0, stage.indexersOnly(), result.mode().mtpLoss() > 0);
        return runner.move((float) recipe.rate(step), step, moved, result, (float)
                recipe.losses().balanceRate());
    }

    @Override
    public void close() {
        runner.close();
    }
}
