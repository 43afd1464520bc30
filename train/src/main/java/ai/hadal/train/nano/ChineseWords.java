package ai.hadal.train.nano;

/// Takes Chinese text apart, so that a vocabulary is learnt from words.
///
/// Chinese is written without spaces, so counting alone would join the end of one word with the beginning of the
/// next, and the same word would be spelt by different tokens in different sentences: a small model could not copy it.
public final class ChineseWords {

    private static final int LONGEST = 4;

    /// A digit ends a piece of text for the pre-tokenizer, and is never learnt itself.
    private static final char APART = '0';

    private ChineseWords() {}

    /// The text with a digit between neighbouring words. A character that begins no known word is a word.
    public static String apart(String text) {
        var result = new StringBuilder(text.length() * 3 / 2);
        int at = 0;
        while (at < text.length()) {
            int length = isWide(text.charAt(at)) ? wordAt(text, at) : 1;
            if (at > 0 && isWide(text.charAt(at)) && isWide(text.charAt(at - 1))) {
                result.append(APART);
            }
            result.append(text, at, at + length);
            at += length;
        }
        return result.toString();
    }

    private static int wordAt(String text, int at) {
        for (int length = Math.min(LONGEST, text.length() - at); length > 1; length--) {
            if (Words.CHINESE.contains(text.substring(at, at + length))) {
                return length;
            }
        }
        return 1;
    }

    /// Han characters; punctuation and full-width signs end a piece by themselves.
    private static boolean isWide(char c) {
        return Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
    }
}
