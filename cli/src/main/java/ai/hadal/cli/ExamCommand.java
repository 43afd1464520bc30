package ai.hadal.cli;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import ai.hadal.train.nano.Curriculum;
import ai.hadal.train.nano.Exam;
import ai.hadal.train.nano.ExamPlan;
import ai.hadal.train.nano.ExamReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Held-out questions of the built-in model's curriculum.
@Command(
        name = "exam",
        description = "Examine a model on questions that the built-in model's training never sees.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hadal exam",
            "  hadal exam MODEL --tasks addition,sorting --modes high -n 20 --failures 2",
            "  hadal exam MODEL --retrieval -n 10",
            "  hadal exam MODEL --tasks all --retrieval --markdown",
            "",
            "Each question is a conversation that the model leads with its own replies, greedily; it is right if the"
                    + " text and the tool calls of every turn are. Reasoning is not compared. Ctrl-C ends the exam and"
                    + " shows what was answered (exit code 130)."
        })
final class ExamCommand implements Callable<Integer> {

    private static final String ALL = "all";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "The checkpoint.")
    private @Nullable Path model;

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "NAME",
            completionCandidates = TaskNames.class,
            description = "The tasks to ask; all stands for all but those with long texts (default: all, with"
                    + " --retrieval none).")
    private @Nullable List<String> tasks;

    @Option(
            names = "--modes",
            split = ",",
            paramLabel = "MODE",
            converter = Modes.class,
            completionCandidates = Modes.Names.class,
            defaultValue = "non-think,high,max",
            description = "The modes to answer in (default: non-think,high,max).")
    private List<ThinkingMode> modes = List.of();

    @Option(
            names = {"-n", "--questions"},
            paramLabel = "N",
            defaultValue = "50",
            description = "Questions for each task and mode, and for each length and depth (default: 50).")
    private int questions = 50;

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Which questions are drawn (default: 1).")
    private long seed = 1;

    @Option(
            names = "--retrieval",
            description =
                    "Ask for one fact in long texts, by length up to the context and by depth, in the first mode.")
    private boolean retrieval;

    @Option(names = "--failures", paramLabel = "N", description = "Show up to N wrong replies of each task.")
    private int failures;

    @Option(names = "--json", description = "Print JSON, all wrong replies included.")
    private boolean json;

    @Option(names = "--markdown", description = "Print the tables in Markdown.")
    private boolean markdown;

    @Override
    public Integer call() {
        if (failures < 0) {
            throw new HadalException("--failures is " + failures + "; give 0 or more");
        }
        if (json && markdown) {
            throw new HadalException("--json and --markdown exclude each other; leave one out");
        }
        var plan = new ExamPlan(tasks(), modes, questions, seed, retrieval ? Integer.MAX_VALUE : 0);
        Path checkpoint = options.path(model);
        try (var engine = options.open(checkpoint, options.engineOptions(checkpoint));
                var interrupt = Interrupt.watch()) {
            ExamReport report;
            try (var progress = Progress.open()) {
                report = new Exam(
                                engine.model(),
                                engine.tokenizer(),
                                engine.options().prefillChunk())
                        .run(
                                plan.withLongestRetrieval(engine.contextLength()),
                                new ExamWatch(progress, interrupt::raised));
            }
            print(report, checkpoint, engine.description());
            return report.complete() ? Main.OK : Interrupt.EXIT_CODE;
        }
    }

    private void print(ExamReport report, Path checkpoint, String backend) {
        var out = spec.commandLine().getOut();
        if (json) {
            var root = report.json();
            root.put("model", checkpoint.toString()).put("backend", backend);
            out.println(TerminalText.json(root.toString()));
        } else if (markdown) {
            out.print(report.markdown());
        } else {
            new ExamPrinter(out, report).print(failures);
        }
        out.flush();
    }

    private List<String> tasks() {
        if (tasks == null) {
            return retrieval ? List.of() : ExamPlan.usualTasks();
        }
        return tasks.equals(List.of(ALL)) ? ExamPlan.usualTasks() : tasks;
    }

    private static final class TaskNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            var names = new ArrayList<String>();
            Curriculum.names().forEach(names::add);
            return names.iterator();
        }
    }
}
