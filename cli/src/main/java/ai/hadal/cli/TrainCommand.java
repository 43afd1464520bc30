package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.train.Curves;
import ai.hadal.train.TrainingListener;
import ai.hadal.train.TrainingListeners;
import ai.hadal.train.TrainingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        footerHeading = "%nExamples:%n",
        footer = {
            "  hadal train recipes/nano.yaml --dry-run",
            "  hadal train recipes/nano.yaml",
            "  hadal train recipes/nano.yaml --output runs/second --steps 500",
            "",
            "The run's folder gets checkpoints, a line for each step in log.jsonl, and a drawing of them in"
                    + " curves.svg. The finished model goes to the folder that the recipe calls output; its path is"
                    + " printed.",
            "",
            "Ctrl-C finishes the step, saves and exits with 130; the same command continues. A second Ctrl-C ends at"
                    + " once, and the run continues from its last checkpoint."
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
            description = "Folder of the run (default: runs/NAME in the current folder, for NAME.yaml).")
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
            description =
                    "auto: continue from the newest checkpoint in the folder, if there is one; never: begin anew, "
                            + "in a folder without a run (default: auto).")
    private String resume = "auto";

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Take at most N steps now, then save and stop; the same command continues (default: to the "
                    + "recipe's end).")
    private long steps = Long.MAX_VALUE;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Compute threads (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--no-dashboard", description = "A plain line now and then instead of the live view.")
    private boolean noDashboard;

    TrainCommand() {
        this(RecipeTraining::open);
    }

    TrainCommand(Training.Opener opener) {
        this.opener = opener;
    }

    @Override
    public Integer call() throws IOException {
        check();
        var training = opener.open(new Training.Request(recipe, output, resume.equals("auto"), threads, steps));
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
        if (steps < 1) {
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
        var count = new StepCount();
        var err = spec.commandLine().getErr();
        Optional<Path> model;
        boolean interrupted;
        try (var interrupt = Interrupt.watch();
                var log = TrainingLog.in(folder)) {
            if (!noDashboard && Tty.error() && Tty.isCapable()) {
                try (var dashboard = TrainDashboard.open(name(), interrupt::raised)) {
                    model = training.run(listeners(count, log, folder, dashboard), interrupt::raised);
                }
            } else {
                var lines = new TrainLines(name(), err, System::nanoTime);
                model = training.run(listeners(count, log, folder, lines), interrupt::raised);
            }
            interrupted = interrupt.raised();
        }
        if (model.isPresent()) {
            spec.commandLine().getOut().println(model.get());
            return Main.OK;
        }
        err.println("stopped after " + Shown.whole(count.done) + " of " + Shown.whole(count.total)
                + " steps, all saved; to continue: hadal train " + recipe + (output == null ? "" : " -o " + output));
        return interrupted ? Interrupt.EXIT_CODE : Main.OK;
    }

    private static TrainingListener listeners(StepCount count, TrainingLog log, Path folder, TrainingListener view) {
        // The curves are drawn from the log's lines.
        return new TrainingListeners(List.of(count, log, Curves.in(folder), view));
    }

    private String name() {
        return String.valueOf(recipe.getFileName());
    }

    /// How far the run has come.
    private static final class StepCount implements TrainingListener {

        private long total;
        private long done;

        @Override
        public void started(Start start) {
            total = start.totalSteps();
            done = start.firstStep();
        }

        @Override
        public void stepped(Step step) {
            done = step.step() + 1;
        }

        @Override
        public void rolledBack(long step, long backTo, String reason) {
            done = backTo;
        }
    }
}
