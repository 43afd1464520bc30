package ai.hadal.checkpoint;

/// Text from files on its way into messages: a message is one line, and no file writes to the terminal through it.
final class Text {

    private Text() {}

    /// The text with a question mark for each control character.
    static String printable(String text) {
        if (isPrintable(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return out.toString();
    }

    static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(Character::isISOControl);
    }
}
