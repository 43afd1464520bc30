package ai.hadal.tokenizer;

import ai.hadal.error.HadalException;

/// Where a vocabulary comes from, and what to do if it is bad: the two ends of every error message about it.
///
/// @param source the file
/// @param fix what the user should do
record Place(String source, String fix) {

    private static final int QUOTE_LIMIT = 40;

    HadalException fault(String field, String cause) {
        return new HadalException(source + ", field " + field + ": " + cause + "; " + fix + ".");
    }

    /// The text in quotes, on one line and of bearable length.
    static String quote(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), QUOTE_LIMIT); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(text.length() > QUOTE_LIMIT ? "...\"" : "\"").toString();
    }
}
