package ai.hadal.train.tokenizer;

import ai.hadal.tokenizer.PreTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;

/// How often each piece, inside which bytes may be merged, occurs in texts.
///
/// Numbers are not among them: their digits stay single tokens. Neither are very long pieces, which are no words.
final class PieceCounts {

    private static final int LONGEST = 256;

    /// A count that is not copied at each change.
    static final class Count {
        long value;
    }

    private final Map<String, Count> counts = new HashMap<>();
    private long bytes;
    private long numberBytes;

    void add(String text) {
        String wellFormed = StandardCharsets.UTF_8.newEncoder().canEncode(text) ? text : wellFormed(text);
        bytes += wellFormed.getBytes(StandardCharsets.UTF_8).length;
        char[] units = wellFormed.toCharArray();
        var cutter = new PreTokenizer(units, this::count);
        Matcher added = AddedTokens.ANY.matcher(wellFormed);
        int done = 0;
        while (added.find()) {
            cutter.cut(done, added.start());
            done = added.end();
        }
        cutter.cut(done, units.length);
    }

    /// A lone surrogate reads as U+FFFD.
    private static String wellFormed(String text) {
        var result = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(result::appendCodePoint);
        return result.toString();
    }

    private void count(char[] text, int start, int end) {
        if (isNumber(Character.codePointAt(text, start, end))) {
            numberBytes += new String(text, start, end - start).getBytes(StandardCharsets.UTF_8).length;
        } else if (end - start <= LONGEST) {
            counts.computeIfAbsent(new String(text, start, end - start), _ -> new Count()).value++;
        }
    }

    /// A piece that begins with a number has nothing else.
    private static boolean isNumber(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    /// In no particular order.
    Map<String, Count> counts() {
        return counts;
    }

    /// The size of all texts in UTF-8.
    long bytes() {
        return bytes;
    }

    /// The size of all numbers in UTF-8.
    long numberBytes() {
        return numberBytes;
    }
}
