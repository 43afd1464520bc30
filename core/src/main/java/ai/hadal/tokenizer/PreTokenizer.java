package ai.hadal.tokenizer;

import static ai.hadal.tokenizer.CharClass.NEWLINE;
import static ai.hadal.tokenizer.CharClass.NUMBER;
import static ai.hadal.tokenizer.CharClass.SPACE;
import static ai.hadal.tokenizer.CharClass.SYMBOL;
import static ai.hadal.tokenizer.CharClass.WORD;

import java.util.List;

/// Cuts text into the pieces inside which bytes are merged. DeepSeek-V3 and V4 say it with three regular
/// expressions in sequence, each cutting what the one before left, where what an expression does not match is a
/// piece too. This is the same by hand: one character of look-ahead, no backtracking, time linear in the text.
///
/// A run of numbers falls into groups of at most three; a run of CJK characters and anything else between those are
/// _segments_, and the third expression sees each segment as a text of its own, so that its look-ahead ends there.
public final class PreTokenizer {

    /// The expressions as tokenizer.json spells them.
    public static final List<String> PATTERNS = List.of(
            "\\p{N}{1,3}",
            "[一-龥\u3040-ゟ゠-ヿ]+",
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                    + "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                    + "| ?[\\p{P}\\p{S}]+[\r\n]*"
                    + "|\\s*[\r\n]+"
                    + "|\\s+(?!\\S)"
                    + "|\\s+");

    private static final int NUMBER_GROUP = 3;

    /// Takes the pieces in order; each is `text[start .. end)`, never empty.
    public interface Sink {
        void piece(char[] text, int start, int end);
    }

    private final char[] text;
    private final Sink sink;

    /// @param text well-formed UTF-16; not copied
    public PreTokenizer(char[] text, Sink sink) {
        this.text = text;
        this.sink = sink;
    }

    /// Cuts `text[from .. to)` as if it were the whole text.
    public void cut(int from, int to) {
        int i = from;
        while (i < to) {
            int start = i;
            if (classAt(i) == NUMBER) {
                for (int group = 0; group < NUMBER_GROUP && i < to && classAt(i) == NUMBER; group++) {
                    i += width(i);
                }
                sink.piece(text, start, i);
            } else {
                boolean cjk = CharClass.isCjk(text[i]);
                do {
                    i += width(i);
                } while (i < to && CharClass.isCjk(text[i]) == cjk && classAt(i) != NUMBER);
                cutSegment(start, i);
            }
        }
    }

    /// The third expression, found again and again from left to right.
    private void cutSegment(int from, int to) {
        int done = from;
        int i = from;
        while (i < to) {
            int end = match(i, to);
            if (end == i) {
                i += width(i);
                continue;
            }
            if (done < i) {
                sink.piece(text, done, i);
            }
            sink.piece(text, i, end);
            done = end;
            i = end;
        }
        if (done < to) {
            sink.piece(text, done, to);
        }
    }

    /// The end of the match that starts at i; i itself if none does.
    private int match(int i, int to) {
        byte kind = classAt(i);
        if (kind == WORD) {
            return words(i, to);
        }
        if (kind == SYMBOL) {
            return text[i] < 0x80 && i + 1 < to && isAsciiLetter(text[i + 1])
                    ? asciiLetters(i + 1, to)
                    : symbols(i, to);
        }
        if (kind == NEWLINE) {
            return whitespace(i, to);
        }
        // A single space, control, format or unassigned character leads the word that follows.
        int next = i + width(i);
        byte nextKind = next < to ? classAt(next) : NEWLINE;
        if (nextKind == WORD) {
            return words(next, to);
        }
        if (kind != SPACE) {
            return i;
        }
        return text[i] == ' ' && nextKind == SYMBOL ? symbols(next, to) : whitespace(i, to);
    }

    private int words(int i, int to) {
        int end = i;
        while (end < to && classAt(end) == WORD) {
            end += width(end);
        }
        return end;
    }

    private int asciiLetters(int i, int to) {
        int end = i;
        while (end < to && isAsciiLetter(text[end])) {
            end++;
        }
        return end;
    }

    /// `[\p{P}\p{S}]+[\r\n]*`
    private int symbols(int i, int to) {
        int end = i;
        while (end < to && classAt(end) == SYMBOL) {
            end += width(end);
        }
        while (end < to && classAt(end) == NEWLINE) {
            end++;
        }
        return end;
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last newline of the run if it has one; else the run, but for its last
    /// character if more text follows and something is left without it.
    private int whitespace(int i, int to) {
        int end = i;
        int afterNewline = i;
        while (end < to) {
            byte kind = classAt(end);
            if (kind == NEWLINE) {
                afterNewline = end + 1;
            } else if (kind != SPACE) {
                break;
            }
            end++;
        }
        if (afterNewline > i) {
            return afterNewline;
        }
        return end == to || end - i == 1 ? end : end - 1;
    }

    private byte classAt(int i) {
        char c = text[i];
        return Character.isHighSurrogate(c) ? CharClass.of(Character.toCodePoint(c, text[i + 1])) : CharClass.of(c);
    }

    private int width(int i) {
        return Character.isHighSurrogate(text[i]) ? 2 : 1;
    }

    private static boolean isAsciiLetter(char c) {
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'z';
    }
}
