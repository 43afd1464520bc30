package ai.hadal.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What runs here: hadal's version, the JVM and the machine.
@Command(name = "version", description = "Print the versions of hadal, Java and the operating system.")
final class VersionCommand implements IVersionProvider, Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public String[] getVersion() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return new String[] {
            "hadal " + (version == null ? "(built from classes)" : version),
            "java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
            "os " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                    + System.getProperty("os.arch")
        };
    }

    @Override
    public void run() {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
    }
}
