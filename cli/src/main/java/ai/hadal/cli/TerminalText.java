package ai.hadal.cli;

import java.util.Locale;

/// Makes text from a model safe to show. A control character that reaches a terminal may move its cursor, rename its
/// window or type on its behalf, so all but newline and tab are shown by their escapes.
final class TerminalText {

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7f;
    /// The last of the C1 controls; some terminals take U+009B for ESC [.
    private static final int LAST_C1 = 0x9f;

    private TerminalText() {}

    /// The text with control characters as `\x1b`, and those that reverse the reading direction as `\u202e`.
    static String clean(String text) {
        int i = 0;
        while (i < text.length() && isPlain(text.charAt(i))) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        var clean = new StringBuilder(text.length() + 16).append(text, 0, i);
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                clean.append(c);
            } else {
                clean.append(String.format(Locale.ROOT, c <= 0xff ? "\\x%02x" : "\\u%04x", (int) c));
            }
        }
        return clean.toString();
    }

    /// The text on one line: as [#clean], and line ends and tabs by their escapes too.
    static String line(String text) {
        return clean(text).replace("\n", "\\n").replace("\t", "\\t");
    }

    /// JSON text with every control character escaped; JSON itself lets DEL and C1 controls pass in strings.
    static String json(String json) {
        var clean = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c >= DELETE && c <= LAST_C1) {
                clean.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    private static boolean isPlain(char c) {
        if (c < FIRST_PRINTABLE) {
            return c == '\n' || c == '\t';
        }
        boolean control = c >= DELETE && c <= LAST_C1;
        boolean override = c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069';
        return !control && !override;
    }
}
