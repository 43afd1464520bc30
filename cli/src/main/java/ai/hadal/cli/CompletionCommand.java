package ai.hadal.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The completion script of bash and zsh.
@Command(
        name = "completion",
        description = "Print the completion script for bash and zsh.",
        footer = {"", "To load it: source <(hadal completion)"})
final class CompletionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        out.print(AutoComplete.bash("hadal", spec.root().commandLine()));
        out.flush();
    }
}
