package ai.hadal.train.quantize;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A closed choice whose values have their names, in lower case, on the command line.
public interface Labelled {

    /// The name in the code.
    String name();

    /// The name on the command line.
    default String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The value of a name, in any case.
    static <E extends Labelled> Optional<E> named(E[] values, String name) {
        return Arrays.stream(values)
                .filter(value -> value.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /// All names, for people to choose from.
    static String all(Labelled[] values) {
        return Arrays.stream(values).map(Labelled::label).collect(Collectors.joining(", "));
    }
}
