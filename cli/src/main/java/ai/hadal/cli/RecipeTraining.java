package ai.hadal.cli;

import ai.hadal.train.Planner;
import ai.hadal.train.Recipe;
import ai.hadal.train.RecipeFile;
import ai.hadal.train.Trainer;
import ai.hadal.train.TrainingListener;
import ai.hadal.train.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A recipe and the trainer that runs it.
record RecipeTraining(Recipe recipe, Trainer.Options options) implements Training {

    private static final Path RUNS = Path.of("runs");

    static Training open(Request request) {
        var recipe = RecipeFile.read(request.recipe());
        Path folder = request.output() == null ? usualFolder(request.recipe()) : request.output();
        return new RecipeTraining(
                recipe, new Trainer.Options(folder, request.threads(), request.resume(), request.mostSteps()));
    }

    /// `runs/nano` for `recipes/nano.yaml`.
    private static Path usualFolder(Path recipe) {
        return RUNS.resolve(String.valueOf(recipe.getFileName()).replaceFirst("\\.ya?ml$", ""));
    }

    @Override
    public Path output() {
        return options.folder();
    }

    @Override
    public TrainingPlan plan() {
        return new Planner(recipe, output(), options.threads()).plan();
    }

    @Override
    public Optional<Path> run(TrainingListener listener, BooleanSupplier stop) {
        try (var trainer = new Trainer(recipe, options)) {
            return trainer.run(listener, stop);
        }
    }
}
