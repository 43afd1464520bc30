package ai.hadal.cli;

/// Messages of several lines: a backslash at the end of a line continues it, and `"""` opens a block that the next
/// `"""` closes.
final class MultiLine {

    private static final String BLOCK = "\"\"\"";

    private MultiLine() {}

    /// Whether the message needs another line.
    static boolean isOpen(String text) {
        return text.startsWith(BLOCK) ? text.indexOf(BLOCK, BLOCK.length()) < 0 : continues(text);
    }

    /// What the lines say: without the marks of a block, or without the backslashes before line ends.
    static String text(String lines) {
        if (!lines.startsWith(BLOCK)) {
            return lines.replace("\\\n", "\n");
        }
        int end = lines.indexOf(BLOCK, BLOCK.length());
        String block = end < 0
                ? lines.substring(BLOCK.length())
                : lines.substring(BLOCK.length(), end) + lines.substring(end + BLOCK.length());
        return block.strip();
    }

    /// An even number of backslashes is a text that ends with them.
    private static boolean continues(String text) {
        int backslashes = 0;
        while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
