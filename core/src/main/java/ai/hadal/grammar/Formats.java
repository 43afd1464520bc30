package ai.hadal.grammar;

import java.util.Map;

/// The formats of JSON Schema that a grammar enforces, as patterns.
final class Formats {

    private static final String DATE = "\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])"
            + "|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))"
            + "|\\d\\d(?:0[48]|[2468][048]|[13579][26])-02-29";
    private static final String TIME =
            "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d)";

    private static final Map<String, String> PATTERNS = Map.of(
            "date", "^(?:" + DATE + ")$",
            "time", "^" + TIME + "$",
            "date-time", "^(?:" + DATE + ")T" + TIME + "$",
            "uuid", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            "ipv4", "^(?:(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])\\.){3}(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])$");

    private Formats() {}

    /// The pattern of the format; one that everything matches where it is only a remark.
    static String pattern(String format) {
        return PATTERNS.getOrDefault(format, "");
    }

    static boolean isEnforced(String format) {
        return PATTERNS.containsKey(format);
    }
}
