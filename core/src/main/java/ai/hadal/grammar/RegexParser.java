package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;

/// Reads the regular expressions of JSON Schema's `pattern` (ECMA-262) that a grammar can say: anchors around
/// whole alternatives, classes, groups, alternation and repetition. A pattern without anchors matches
/// anywhere in the text, as the standard has it. White space and line ends are taken so narrowly that every
/// dialect agrees.
final class RegexParser {

    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_REPEATS = 1_000_000;

    private static final CodePoints DIGITS = CodePoints.range('0', '9');
    private static final CodePoints WORD =
            DIGITS.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.of("_"));
    private static final CodePoints SPACES = CodePoints.of(" \t\n\r\f\u000B");
    private static final CodePoints ALL_SPACES = SPACES.or(
                    CodePoints.of("\u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF"))
            .or(CodePoints.range(0x2000, 0x200A));
    private static final CodePoints NO_LINE_END =
            CodePoints.of("\n\r\u0085\u2028\u2029").not();

    private static final Regex ANYTHING = new Regex.Repeat(new Regex.One(CodePoints.ALL), 0, Expression.UNBOUNDED);

    private final String pattern;
    private int at;
    private int depth;

    private RegexParser(String pattern) {
        this.pattern = pattern;
    }

    /// The texts in which the pattern finds a match.
    ///
    /// @throws HadalException with the reason, if a grammar can't say it
    static Regex parse(String pattern) {
        if (pattern.length() > MAX_LENGTH) {
            throw new HadalException("it has more than " + MAX_LENGTH + " characters");
        }
        return new RegexParser(pattern).whole();
    }

    private Regex whole() {
        var alternatives = new ArrayList<Regex>();
        do {
            boolean start = take('^');
            var parts = new ArrayList<Regex>();
            if (!start) {
                parts.add(ANYTHING);
            }
            sequence(parts);
            if (!take('$')) {
                parts.add(ANYTHING);
            } else if (at < pattern.length() && peek() != '|') {
                throw unsupported("$ stands before more");
            }
            alternatives.add(sequenceOf(parts));
        } while (take('|'));
        if (at < pattern.length()) {
            throw unsupported("unmatched )");
        }
        return choiceOf(alternatives);
    }

    private static Regex sequenceOf(List<Regex> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Regex.Sequence(parts);
    }

    private static Regex choiceOf(List<Regex> alternatives) {
        return alternatives.size() == 1 ? alternatives.getFirst() : new Regex.Choice(alternatives);
    }

    private void sequence(List<Regex> parts) {
        while (at < pattern.length()) {
            char c = peek();
            if (c == '|' || c == ')' || c == '$') {
                return;
            }
            parts.add(repeated(atom()));
        }
    }

    private Regex atom() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return switch (c) {
            case '(' -> group();
            case '[' -> new Regex.One(characters());
            case '.' -> new Regex.One(NO_LINE_END);
            case '\\' -> new Regex.One(escape(false));
            case '^' -> throw unsupported("^ stands behind something");
            case '*', '+', '?', '{' -> throw unsupported("nothing stands before " + Character.toString(c));
            default -> new Regex.One(single(c));
        };
    }

    private CodePoints single(int c) {
        CodePoints one = CodePoints.range(c, c);
        if (one.isEmpty()) {
            throw unsupported("it holds half a character");
        }
        return one;
    }

    private Regex group() {
        if (++depth > MAX_DEPTH) {
            throw unsupported("groups are nested more than " + MAX_DEPTH + " deep");
        }
        if (take('?')) {
            boolean named = pattern.startsWith("<", at)
                    && !pattern.startsWith("<=", at)
                    && !pattern.startsWith("<!", at)
                    && pattern.indexOf('>', at) > 0;
            if (named) {
                at = pattern.indexOf('>', at) + 1;
            } else if (!take(':')) {
                throw unsupported("it looks ahead or behind");
            }
        }
        var alternatives = new ArrayList<Regex>();
        do {
            var parts = new ArrayList<Regex>();
            sequence(parts);
            if (peek() == '$' && at < pattern.length()) {
                throw unsupported("$ stands in a group");
            }
            alternatives.add(sequenceOf(parts));
        } while (take('|'));
        if (!take(')')) {
            throw unsupported("a group is never closed");
        }
        depth--;
        return choiceOf(alternatives);
    }

    private Regex repeated(Regex atom) {
        int min;
        int max = Expression.UNBOUNDED;
        if (take('*')) {
            min = 0;
        } else if (take('+')) {
            min = 1;
        } else if (take('?')) {
            min = 0;
            max = 1;
        } else if (take('{')) {
            min = number();
            max = min;
            if (take(',')) {
                max = peek() == '}' ? Expression.UNBOUNDED : number();
            }
            if (!take('}') || (max != Expression.UNBOUNDED && max < min)) {
                throw unsupported("a repetition is malformed");
            }
        } else {
            return atom;
        }
        // A reluctant repetition matches the same texts; a possessive one does not.
        take('?');
        if (at < pattern.length() && "*+?{".indexOf(peek()) >= 0) {
            throw unsupported("a repetition is repeated");
        }
        return new Regex.Repeat(atom, min, max);
    }

    private int number() {
        int start = at;
        long value = 0;
        while (peek() >= '0' && peek() <= '9') {
            value = Math.min(10 * value + pattern.charAt(at++) - '0', Integer.MAX_VALUE);
        }
        if (at == start || value > MAX_REPEATS) {
            throw unsupported("a number of repetitions is missing or more than " + MAX_REPEATS);
        }
        return (int) value;
    }

    private CodePoints characters() {
        boolean negated = take('^');
        var parts = new ArrayList<CodePoints>();
        while (!take(']')) {
            CodePoints first = item(negated);
            if (peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
                at++;
                CodePoints last = item(negated);
                if (!isOne(first) || !isOne(last) || first.first(0) > last.first(0)) {
                    throw unsupported("a class holds a range that isn't one");
                }
                first = CodePoints.range(first.first(0), last.first(0));
            }
            parts.add(first);
        }
        CodePoints set = CodePoints.union(parts);
        return negated ? set.not() : set;
    }

    private static boolean isOne(CodePoints set) {
        return set.ranges() == 1 && set.first(0) == set.last(0);
    }

    private CodePoints item(boolean negated) {
        if (at >= pattern.length()) {
            throw unsupported("a class is never closed");
        }
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return c == '\\' ? escape(negated) : single(c);
    }

    /// @param negated the set will be taken away, so it is taken widely
    private CodePoints escape(boolean negated) {
        if (at >= pattern.length()) {
            throw unsupported("a backslash stands at the end");
        }
        char c = pattern.charAt(at++);
        return switch (c) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.not();
            case 'w' -> WORD;
            case 'W' -> WORD.not();
            case 's' -> negated ? ALL_SPACES : SPACES;
            case 'S' -> negated ? SPACES.not() : ALL_SPACES.not();
            case 'n' -> single('\n');
            case 'r' -> single('\r');
            case 't' -> single('\t');
            case 'f' -> single('\f');
            case 'v' -> single(0x0B);
            case '0' -> single(0);
            case 'x' -> single(hex(2));
            case 'u' -> single(hex(4));
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw unsupported("\\" + c + " can't be said by a grammar");
                }
                at--;
                int escaped = pattern.codePointAt(at);
                at += Character.charCount(escaped);
                yield single(escaped);
            }
        };
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw unsupported("an escape is malformed");
            }
            value = value << 4 | digit;
            at++;
        }
        return value;
    }

    private boolean take(char c) {
        boolean taken = at < pattern.length() && pattern.charAt(at) == c;
        at += taken ? 1 : 0;
        return taken;
    }

    private char peek() {
        return at < pattern.length() ? pattern.charAt(at) : 0;
    }

    private static HadalException unsupported(String reason) {
        return new HadalException(reason);
    }
}
