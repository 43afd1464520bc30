package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What a checkpoint is, what it needs, and what is wrong with it.
@Command(
        name = "inspect",
        description = "Show what a checkpoint is, whether it fits this machine and what is wrong with it.",
        footer = {"", "Exit code: 0 if the checkpoint is in order, 2 if it is broken."})
final class InspectCommand implements Callable<Integer> {

    private static final int MAX_PROBLEMS = 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelPath modelPath;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "The checkpoint.")
    private @Nullable Path model;

    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "TOKENS",
            defaultValue = "0",
            description = "Plan memory for this context too (default: 4096, 32768, 131072 and the longest).")
    private int contextSize;

    @Option(
            names = {"-b", "--batch-size"},
            paramLabel = "TOKENS",
            defaultValue = "256",
            description = "Prompt tokens in one step (default: 256).")
    private int batchSize = 256;

    @Option(names = "--tensors", description = "List all tensors.")
    private boolean tensors;

    @Option(names = "--check", description = "Read all scales of a large checkpoint too (small ones are always read).")
    private boolean check;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Path path = modelPath.of(model);
        if (contextSize < 0 || batchSize < 1) {
            throw new HadalException(
                    "--ctx-size is " + contextSize + " and --batch-size " + batchSize + "; give positive numbers");
        }
        Inspection inspection;
        try (var progress = Progress.open()) {
            inspection = Inspection.of(path, check, progress);
        }
        var machine = Machine.here();
        var fit = MemoryFit.of(inspection.config(), ModelOptions.usualNumerics(path), contextSize, batchSize);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(InspectJson.of(inspection, machine, fit, tensors));
        } else {
            new InspectText(inspection, machine, fit, out).print(tensors);
            complain(inspection);
        }
        return inspection.isBroken() ? Main.USAGE : Main.OK;
    }

    private void complain(Inspection inspection) {
        spec.commandLine().getOut().flush();
        PrintWriter err = spec.commandLine().getErr();
        var problems = inspection.problems();
        problems.stream().limit(MAX_PROBLEMS).forEach(problem -> err.println("hadal: " + TerminalText.line(problem)));
        if (problems.size() > MAX_PROBLEMS) {
            err.println("hadal: and " + (problems.size() - MAX_PROBLEMS) + " more problems; --json lists all");
        }
    }
}
