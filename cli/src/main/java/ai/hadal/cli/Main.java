package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The root command. Exit codes: 0 for success, 1 for a failure at run time, 2 for wrong usage or bad input.
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
            InspectCommand.class,
            TokenizeCommand.class,
            EncodeCommand.class,
            GenerateCommand.class,
            LogitsCommand.class,
            BenchCommand.class,
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
        System.exit(commandLine().execute(args));
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
            err.println("hadal: " + cause.getMessage());
            return USAGE;
        }
        err.println("hadal: " + e.getMessage() + optionSuggestion(e));
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("See '" + line.getCommandSpec().qualifiedName() + " --help'.");
        }
        return USAGE;
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

    private int failed(Exception e, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (debug) {
            e.printStackTrace(err);
        }
        if (e instanceof HadalException) {
            err.println("hadal: " + e.getMessage());
            return USAGE;
        }
        String message = e.getMessage();
        err.println("hadal: " + e.getClass().getSimpleName() + (message == null ? "" : ": " + message)
                + (debug ? "" : " (--debug shows where)"));
        return FAILURE;
    }
}
