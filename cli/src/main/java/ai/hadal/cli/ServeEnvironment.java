package ai.hadal.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Options of a server out of the environment, for containers: `HADAL_SERVE_MAX_NUM_SEQS` is
/// `--max-num-seqs`. What the command line says wins.
final class ServeEnvironment implements IDefaultValueProvider {

    private static final String PREFIX = "HADAL_SERVE_";

    private final Map<String, String> environment;

    ServeEnvironment() {
        this(System.getenv());
    }

    ServeEnvironment(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        for (String name : option.names()) {
            String value = environment.get(variable(name));
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /// The variable of an option's name; for short names one that nobody sets by accident.
    static String variable(String name) {
        return PREFIX + name.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
