package ai.hadal.tokenizer;

/// The kinds of character that DeepSeek's pre-tokenizer tells apart, from the Unicode general categories. They are
/// those of the running JDK: version 16 of Unicode in JDK 25, which is what the Hugging Face library (with Oniguruma
/// 6.9.10) uses too; the two agree on every code point.
final class CharClass {

    /// `\p{L}` or `\p{M}`
    static final byte WORD = 0;
    /// `\p{N}`
    static final byte NUMBER = 1;
    /// `\p{P}` or `\p{S}`
    static final byte SYMBOL = 2;
    /// `[\r\n]`
    static final byte NEWLINE = 3;
    /// any other `\s`
    static final byte SPACE = 4;
    /// controls, format characters, private use, unassigned
    static final byte OTHER = 5;

    private static final byte[] BMP = new byte[0x10000];

    static {
        for (int c = 0; c < BMP.length; c++) {
            BMP[c] = classify(c);
        }
    }

    private CharClass() {}

    static byte of(char c) {
        return BMP[c];
    }

    static byte of(int codePoint) {
        return codePoint < BMP.length ? BMP[codePoint] : classify(codePoint);
    }

    /// `[一-龥぀-ゟ゠-ヿ]`: Han as far as Unicode 1.1 had it, and both kana blocks.
    static boolean isCjk(char c) {
        return c >= '一' ? c <= '龥' : c >= '\u3040' && c <= '\u30FF';
    }

    private static byte classify(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK -> WORD;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL -> SYMBOL;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default ->
                switch (codePoint) {
                    case '\r', '\n' -> NEWLINE;
                    case '\t', 0x0B, '\f', 0x85 -> SPACE;
                    default -> OTHER;
                };
        };
    }
}
