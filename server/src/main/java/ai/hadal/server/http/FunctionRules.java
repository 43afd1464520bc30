package ai.hadal.server.http;

import java.util.List;
import java.util.regex.Pattern;

/// What holds for functions that a model may call, however a dialect defines them.
public final class FunctionRules {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
    private static final int MOST = 512;

    private FunctionRules() {}

    /// The name in a definition.
    ///
    /// @throws ApiException if it is missing or none
    public static String name(Fields definition) {
        return name(definition.requiredString("name"), definition.place("name"));
    }

    /// Checks a name.
    ///
    /// @param place where it comes from
    /// @throws ApiException if it is none
    public static String name(String name, String place) {
        if (!NAME.matcher(name).matches()) {
            throw ApiException.invalid(
                    place,
                    "'" + place + "' is '" + name
                            + "'; a name has 1 to 128 letters, digits, dots, dashes and low lines");
        }
        return name;
    }

    /// Checks that there are not too many.
    ///
    /// @throws ApiException if there are
    public static void count(List<?> tools) {
        if (tools.size() > MOST) {
            throw ApiException.invalid("tools", "'tools' has more than " + MOST + " entries; offer fewer");
        }
    }
}
