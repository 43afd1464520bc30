package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The root command. Exit codes: 0 for success, 1 for a failure at run time, 2 for wrong usage or bad
/// input.
@Command(
        name = "hadal",
        description = "Runs DeepSeek-V4 on the JVM.",
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
public final class Main implements Callable<Integer> {

    /// All commands, in the order in which the help shows them.
    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            ChatCommand.class,
            ServeCommand.class,
            ReplayCommand.class,
            InspectCommand.class,
            TokenizeCommand.class,
            EncodeCommand.class,
            GenerateCommand.class,
            LogitsCommand.class,
            BenchCommand.class,
            TrainCommand.class,
            TrainTokenizerCommand.class,
            ExamCommand.class,
            QuantizeCommand.class,
            SynthCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class);

    static final int OK = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of a failure (also: set HADAL_DEBUG).")
    private boolean debug = System.getenv("HADAL_DEBUG") != null;

    private Main() {}

    public static void main(String[] args) {
        StandardError.restore();
        var out = StandardOutput.install();
        int code = commandLine().execute(args);
        System.exit(out.exitCode(code, System.err));
    }

    /// The command line with every command, its exit codes and its way of saying what went wrong.
    static CommandLine commandLine() {
        var root = new Main();
        var line = new CommandLine(root);
        COMMANDS.forEach(line::addSubcommand);
        line.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.optionsMap().containsKey("--help"))
                .forEach(command -> command.addOption(helpOption()));
        line.setParameterExceptionHandler(Main::wrongUsage);
        line.setExecutionStrategy(Main::run);
        line.setExecutionExceptionHandler(root::failed);
        return line;
    }

    private static OptionSpec helpOption() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build();
    }

    /// Without a command: the help.
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return OK;
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        if (e.getCause() instanceof HadalException cause) {
            complain(err, cause.getMessage() + source(e));
            return USAGE;
        }
        String near = optionSuggestion(e);
        complain(err, e.getMessage() + source(e) + near);
        if (!near.isEmpty() || !UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("See '" + line.getCommandSpec().qualifiedName() + " --help'.");
        }
        return USAGE;
    }

    private static String source(ParameterException e) {
        return e.getCommandLine().getDefaultValueProvider() instanceof ServeEnvironment environment
                ? environment.source(e)
                : "";
    }

    /// picocli suggests commands only.
    private static String optionSuggestion(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || !unmatched.isUnknownOption()) {
            return "";
        }
        return Suggestion.nearest(
                        unmatched.getUnmatched().getFirst(),
                        e.getCommandLine().getCommandSpec().optionsMap().keySet())
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    /// Errors too end as a sentence; picocli hands on exceptions only.
    private static int run(ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            throw new ExecutionException(innermost(parsed), String.valueOf(e.getMessage()), e);
        }
    }

    private static CommandLine innermost(ParseResult parsed) {
        return parsed.asCommandLineList().getLast();
    }

    private int failed(Exception e, CommandLine line, ParseResult parsed) {
        Throwable failure = e instanceof ExecutionException && e.getCause() instanceof Error error ? error : e;
        PrintWriter err = line.getErr();
        if (debug) {
            failure.printStackTrace(err);
        }
        return switch (failure) {
            case HadalException _ -> complain(err, failure.getMessage());
            case OutOfMemoryError _ ->
                complain(
                        err,
                        "the Java heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB is full ("
                                + failure.getMessage() + "); choose a shorter context (--ctx-size), smaller steps "
                                + "(--batch-size) or a larger heap (HADAL_JAVA_OPTS=-Xmx...)");
            // A mapped file that shrinks, or whose disk fails, shows itself like this.
            case InternalError _
            when String.valueOf(failure.getMessage()).contains("memory access") ->
                complain(
                        err,
                        "a model file could not be read any more (" + failure.getMessage()
                                + "); check that nothing changes it, and its disk");
            default -> {
                String message = failure.getMessage();
                complain(
                        err,
                        failure.getClass().getSimpleName()
                                + (message == null ? "" : ": " + message)
                                + (debug ? "" : " (--debug shows where)"));
                yield FAILURE;
            }
        };
    }

    /// What went wrong, on one line whatever it quotes.
    private static int complain(PrintWriter err, @Nullable String sentence) {
        err.println("hadal: " + TerminalText.line(String.valueOf(sentence)));
        return USAGE;
    }
}
