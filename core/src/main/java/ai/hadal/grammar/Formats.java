package ai.hadal.grammar;

import java.util.Map;
import java.util.Set;

/// The formats of JSON Schema: those that a grammar enforces, as patterns, and those that it can't. What is neither is
/// a remark, as the specification has it (`int32`, `password`).
final class Formats {

    private static final String DATE = "\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])"
            + "|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))"
            + "|\\d\\d(?:0[48]|[2468][048]|[13579][26])-02-29";
    private static final String TIME =
            "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d)";

    private static final String HOURS = "T(?:\\d{1,9}H(?:\\d{1,9}M(?:\\d{1,9}S)?)?|\\d{1,9}M(?:\\d{1,9}S)?|\\d{1,9}S)";
    private static final String DAYS = "(?:\\d{1,9}Y(?:\\d{1,9}M(?:\\d{1,9}D)?)?|\\d{1,9}M(?:\\d{1,9}D)?|\\d{1,9}D)";

    private static final String LABEL = "[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,2}";
    private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,3}";
    private static final String MAILBOX = "[A-Za-z0-9_+-]{1,30}(?:\\.[A-Za-z0-9_+-]{1,30})?";

    private static final String HEX = "[0-9a-fA-F]{1,4}";
    private static final String IPV6 = "(?:H:){7}H|(?:H:){1,7}:|(?:H:){1,6}:H|(?:H:){1,5}(?::H){1,2}"
            + "|(?:H:){1,4}(?::H){1,3}|(?:H:){1,3}(?::H){1,4}|(?:H:){1,2}(?::H){1,5}|H:(?::H){1,6}"
            + "|:(?:(?::H){1,7}|:)";

    private static final String LETTER = "[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}";
    private static final String PATH = "(?:/(?:" + LETTER + ")*)*";
    private static final String URI = "[A-Za-z][A-Za-z0-9+.-]{0,20}:(?://" + HOST + "(?::\\d{1,4})?" + PATH + "|(?:"
            + LETTER + ")+" + PATH + ")(?:\\?(?:" + LETTER + "|[/?])*)?(?:#(?:" + LETTER + "|[/?])*)?";

    private static final Map<String, String> PATTERNS = Map.of(
            "date", "^(?:" + DATE + ")$",
            "time", "^" + TIME + "$",
            "date-time", "^(?:" + DATE + ")T" + TIME + "$",
            "duration", "^P(?:\\d{1,9}W|" + DAYS + "(?:" + HOURS + ")?|" + HOURS + ")$",
            "uuid", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            "email", "^" + MAILBOX + "@" + HOST + "\\.[A-Za-z]{2,10}$",
            "hostname", "^" + HOST + "$",
            "ipv4", "^(?:(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])\\.){3}(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])$",
            "ipv6", "^(?:" + IPV6.replace("H", HEX) + ")$",
            "uri", "^" + URI + "$");

    private static final Set<String> BEYOND = Set.of(
            "idn-email",
            "idn-hostname",
            "uri-reference",
            "iri",
            "iri-reference",
            "uri-template",
            "json-pointer",
            "relative-json-pointer",
            "regex");

    private Formats() {}

    /// The pattern of the format; one that everything matches where it is only a remark.
    static String pattern(String format) {
        return PATTERNS.getOrDefault(format, "");
    }

    static boolean isEnforced(String format) {
        return PATTERNS.containsKey(format);
    }

    /// Whether it restricts texts in a way that a grammar does not follow.
    static boolean isBeyond(String format) {
        return BEYOND.contains(format);
    }
}
