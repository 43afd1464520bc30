package ai.hadal.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Options of a server out of the environment, for containers: `HADAL_SERVE_MAX_NUM_SEQS` is
/// `--max-num-seqs`. What the command line says wins.
final class ServeEnvironment implements IDefaultValueProvider {

    private static final String PREFIX = "HADAL_SERVE_";

    /// What Kubernetes sets for a service that is named hadal-serve.
    private static final Pattern ORCHESTRATOR = Pattern.compile("SERVICE_(HOST|PORT).*|PORT_\\d+_.*");

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

    /// The variable that a wrong value came from, in brackets to be added to a message; empty if it came from
    /// elsewhere.
    String source(ParameterException wrong) {
        if (!(wrong.getArgSpec() instanceof OptionSpec option) || wrong.getValue() == null) {
            return "";
        }
        return Arrays.stream(option.names())
                .map(ServeEnvironment::variable)
                .filter(name -> wrong.getValue().equals(environment.get(name)))
                .findFirst()
                .map(name -> " (from the variable " + name + ")")
                .orElse("");
    }

    /// Says which variables belong to no option: a key or a limit with a wrong name must not be missed in silence.
    List<String> unknown(CommandSpec command) {
        Set<String> known = command.optionsMap().keySet().stream()
                .map(name -> variable(name).substring(PREFIX.length()))
                .collect(Collectors.toSet());
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> name.substring(PREFIX.length()))
                .filter(name ->
                        !known.contains(name) && !ORCHESTRATOR.matcher(name).matches())
                .sorted()
                .map(name -> "the variable " + PREFIX + name + " belongs to no option; "
                        + Suggestion.nearest(name, known)
                                .map(near -> "did you mean " + PREFIX + near + "?")
                                .orElse("see hadal serve --help"))
                .toList();
    }

    /// The variable of an option's name; for short names one that nobody sets by accident.
    static String variable(String name) {
        return PREFIX + name.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
