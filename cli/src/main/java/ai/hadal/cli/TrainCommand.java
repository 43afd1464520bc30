package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.train.Curves;
import ai.hadal.train.TrainingListener;
import ai.hadal.train.TrainingListeners;
import ai.hadal.train.TrainingLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A recipe becomes a model, before the user's eyes.
@Command(
        name = "train",
        description = "Train a model by a recipe, or continue where an earlier run stopped.",
        footer = {
            "",
            "The output folder gets checkpoints, the model at the end, a line for each",
            "step in log.jsonl, and a drawing of them in curves.svg.",
            "",
            "Ctrl-C finishes the step, saves and exits with 130; the same command",
            "continues. A second Ctrl-C ends at once, and the run continues from its last",
            "checkpoint."
        })
final class TrainCommand implements Callable<Integer> {

    private final Training.Opener opener;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RECIPE.yaml", description = "The recipe: model, data, stages, optimisers.")
    private Path recipe;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Folder of the run (default: the recipe's own).")
    private @Nullable Path output;

    @Option(
            names = "--dry-run",
            description = "Do not train: show parameters, memory, compute and the time it would take.")
    private boolean dryRun;

    @Option(names = "--json", description = "With --dry-run: print JSON.")
    private boolean json;

    @Option(
            names = "--resume",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto: continue from the newest checkpoint in the folder, if there is one; never: begin anew "
                    + "(default: auto).")
    private String resume = "auto";

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Take at most N steps now, then save and stop; the same command continues (default: to the "
                    + "recipe's end).")
    private @Nullable Long steps;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Compute threads (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--no-dashboard", description = "A plain line now and then instead of the live view.")
    private boolean noDashboard;

    TrainCommand(Training.Opener opener) {
        this.opener = opener;
    }

    @Override
    public Integer call() throws IOException {
        check();
        var training = opener.open(new Training.Request(recipe, output, resume.equals("auto"), threads));
        if (dryRun) {
            var report = new PlanReport(training.plan(), Machine.here());
            var out = spec.commandLine().getOut();
            if (json) {
                out.println(report.json());
            } else {
                report.print(out);
            }
            return Main.OK;
        }
        return train(training);
    }

    private void check() {
        if (!resume.equals("auto") && !resume.equals("never")) {
            throw new HadalException("--resume is '" + TerminalText.line(resume) + "'; choose auto or never");
        }
        if (steps != null && steps < 1) {
            throw new HadalException("--steps is " + steps + "; give 1 or more");
        }
        if (threads < 1) {
            throw new HadalException("--threads is " + threads + "; give 1 or more");
        }
        if (json && !dryRun) {
            throw new HadalException("--json goes with --dry-run; a run writes its own log.jsonl");
        }
    }

    private int train(Training training) throws IOException {
        Path folder = Files.createDirectories(training.output());
        var limit = new StepLimit(steps == null ? Long.MAX_VALUE : steps);
        var err = spec.commandLine().getErr();
        boolean done;
        boolean interrupted;
        try (var interrupt = Interrupt.watch();
                var log = TrainingLog.in(folder)) {
            BooleanSupplier stop = () -> interrupt.raised() || limit.isReached();
            if (!noDashboard && Tty.error() && Tty.isCapable()) {
                try (var dashboard = TrainDashboard.open(name(), interrupt::raised)) {
                    done = training.run(listeners(log, folder, limit, dashboard), stop);
                }
            } else {
                done = training.run(listeners(log, folder, limit, new TrainLines(name(), err, System::nanoTime)), stop);
            }
            interrupted = interrupt.raised();
        }
        if (done) {
            spec.commandLine().getOut().println(limit.model());
            return Main.OK;
        }
        sayHowToContinue(err, limit);
        return interrupted ? Interrupt.EXIT_CODE : Main.OK;
    }

    private static TrainingListener listeners(TrainingLog log, Path folder, StepLimit limit, TrainingListener view) {
        // The curves are drawn from the log's lines.
        return new TrainingListeners(List.of(limit, log, Curves.in(folder), view));
    }

    private String name() {
        return String.valueOf(recipe.getFileName());
    }

    private void sayHowToContinue(PrintWriter err, StepLimit limit) {
        err.println("stopped after " + Shown.whole(limit.done()) + " of " + Shown.whole(limit.total())
                + " steps, all saved; to continue: hadal train " + recipe + (output == null ? "" : " -o " + output));
    }

    /// Counts the steps of this command.
    private static final class StepLimit implements TrainingListener {

        private final long most;
        private long taken;
        private long total;
        private long done;
        private @Nullable Path model;

        StepLimit(long most) {
            this.most = most;
        }

        @Override
        public void started(Start start) {
            total = start.totalSteps();
            done = start.firstStep();
        }

        @Override
        public void stepped(Step step) {
            taken++;
            done = step.step() + 1;
        }

        @Override
        public void rolledBack(long step, long backTo, String reason) {
            done = backTo;
        }

        @Override
        public void finished(Path model) {
            this.model = model;
        }

        boolean isReached() {
            return taken >= most;
        }

        long done() {
            return done;
        }

        long total() {
            return total;
        }

        String model() {
            return String.valueOf(model);
        }
    }
}
