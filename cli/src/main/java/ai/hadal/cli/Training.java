package ai.hadal.cli;

import ai.hadal.train.TrainingListener;
import ai.hadal.train.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A recipe that is read, checked and ready to run: what the command needs of the trainer.
interface Training {

    /// What the user asked for.
    ///
    /// @param output the run's folder, null for the usual one
    /// @param resume whether to continue from the newest checkpoint in that folder
    /// @param mostSteps steps to take now
    record Request(Path recipe, @Nullable Path output, boolean resume, int threads, long mostSteps) {}

    /// Reads a recipe; writes nothing.
    @FunctionalInterface
    interface Opener {
        Training open(Request request);
    }

    /// The folder that the run writes to.
    Path output();

    /// What the run will cost, its speed measured.
    TrainingPlan plan();

    /// Trains. Asked to stop, it finishes the step it is in, saves a checkpoint and returns.
    ///
    /// @param stop polled after each step
    /// @return the finished model's folder, empty if steps are left
    Optional<Path> run(TrainingListener listener, BooleanSupplier stop);
}
