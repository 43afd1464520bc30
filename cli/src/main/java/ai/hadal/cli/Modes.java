package ai.hadal.cli;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;

/// The reasoning modes by the names people type.
final class Modes implements ITypeConverter<ThinkingMode> {

    /// The names that are offered.
    static final List<String> NAMES = List.of("non-think", "high", "max");

    private static final Map<String, ThinkingMode> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("non-think", ThinkingMode.NON_THINK);
        BY_NAME.put("high", ThinkingMode.HIGH);
        BY_NAME.put("max", ThinkingMode.MAX);
        BY_NAME.put("think-high", ThinkingMode.HIGH);
        BY_NAME.put("think-max", ThinkingMode.MAX);
    }

    /// The mode of a name.
    ///
    /// @throws HadalException with the names there are, the nearest one first
    static ThinkingMode of(String name) {
        var mode = BY_NAME.get(name);
        if (mode == null) {
            String guess = Suggestion.nearest(name, BY_NAME.keySet())
                    .map(near -> " (did you mean " + near + "?)")
                    .orElse("");
            throw new HadalException(
                    "there is no mode '" + TerminalText.clean(name) + "'" + guess + "; choose non-think, high or max");
        }
        return mode;
    }

    static String name(ThinkingMode mode) {
        return switch (mode) {
            case NON_THINK -> "non-think";
            case HIGH -> "high";
            case MAX -> "max";
        };
    }

    @Override
    public ThinkingMode convert(String value) {
        return of(value);
    }

    /// For the completion script.
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }
}
