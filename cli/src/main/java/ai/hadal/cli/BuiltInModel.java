package ai.hadal.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/// The tiny random model that comes with Hadal: it shows that everything works and answers nonsense.
final class BuiltInModel {

    private BuiltInModel() {}

    static boolean is(Path checkpoint) {
        String home = System.getProperty("hadal.home");
        return home != null && checkpoint.equals(Path.of(home, "models", "tiny-random"));
    }

    /// Says so, in one line.
    ///
    /// @param usage how to name a real model
    static void announce(PrintWriter err, String usage) {
        String line = "The built-in random model answers nonsense; name a real one: " + usage;
        err.println(Tty.error() && Tty.mayStyle() ? Styles.dim(line) : line);
        err.flush();
    }
}
