package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Recursive descent through the text of a grammar, as [Gbnf] describes it.
final class GbnfParser {

    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_DEPTH = 200;
    private static final int MAX_SUFFIXES = 8;
    private static final int MAX_REPEATS = 1_000_000;

    private final String text;
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private final Map<String, Integer> firstUses = new LinkedHashMap<>();
    private int at;
    private int depth;

    GbnfParser(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new HadalException("the grammar has %d characters, more than the %d allowed; make it smaller"
                    .formatted(text.length(), MAX_LENGTH));
        }
        this.text = text;
    }

    Grammar parse() {
        space(true);
        while (at < text.length()) {
            rule();
            space(true);
        }
        for (var use : firstUses.entrySet()) {
            if (!rule(use.getKey()).isDefined()) {
                at = use.getValue();
                throw fault("the rule '" + use.getKey() + "' is not defined");
            }
        }
        Rule root = rules.get("root");
        if (root == null || !root.isDefined()) {
            throw fault("there is no rule 'root' to begin with");
        }
        return new Grammar(root.call());
    }

    private Rule rule(String name) {
        return rules.computeIfAbsent(name, Rule::new);
    }

    private void rule() {
        int start = at;
        String name = name();
        if (name.isEmpty()) {
            throw fault("expected the name of a rule");
        }
        space(false);
        if (!text.startsWith("::=", at)) {
            throw fault("expected ::= behind the name of the rule '" + name + "'");
        }
        at += 3;
        space(true);
        Rule rule = rule(name);
        if (rule.isDefined()) {
            at = start;
            throw fault("the rule '" + name + "' is defined twice");
        }
        rule.define(alternatives(false));
        if (at < text.length() && peek() != '\n' && peek() != '\r') {
            throw fault("expected the end of the line, but found '" + shown() + "'");
        }
    }

    private Expression alternatives(boolean nested) {
        var alternatives = new ArrayList<Expression>();
        alternatives.add(sequence(nested));
        while (peek() == '|') {
            at++;
            space(true);
            alternatives.add(sequence(nested));
        }
        return alternatives.size() == 1 ? alternatives.getFirst() : new Expression.Choice(alternatives);
    }

    private Expression sequence(boolean nested) {
        var parts = new ArrayList<Expression>();
        while (true) {
            Expression part;
            char c = peek();
            if (c == '"') {
                part = literal();
            } else if (c == '[') {
                part = characters();
            } else if (c == '.') {
                at++;
                part = new Expression.Characters(CodePoints.ALL);
            } else if (c == '(') {
                part = group();
            } else if (isNamePart(c)) {
                int use = at;
                String name = name();
                firstUses.putIfAbsent(name, use);
                part = rule(name).call();
            } else if (c == '*' || c == '+' || c == '?' || c == '{') {
                throw fault("there is nothing before '" + c + "' to repeat");
            } else {
                return new Expression.Sequence(List.copyOf(parts));
            }
            space(nested);
            parts.add(repeated(part, nested));
        }
    }

    private Expression group() {
        int start = at++;
        if (++depth > MAX_DEPTH) {
            throw fault("groups are nested more than " + MAX_DEPTH + " deep");
        }
        space(true);
        Expression inner = alternatives(true);
        if (peek() != ')') {
            if (at < text.length()) {
                throw fault("expected ), but found '" + shown() + "'");
            }
            at = start;
            throw fault("the group is never closed");
        }
        at++;
        depth--;
        return inner;
    }

    private Expression repeated(Expression part, boolean nested) {
        Expression repeated = part;
        for (int times = 0; ; times++) {
            int min = 0;
            int max = Expression.UNBOUNDED;
            switch (peek()) {
                case '*' -> at++;
                case '+' -> {
                    at++;
                    min = 1;
                }
                case '?' -> {
                    at++;
                    max = 1;
                }
                case '{' -> {
                    at++;
                    space(nested);
                    min = number();
                    max = min;
                    space(nested);
                    if (peek() == ',') {
                        at++;
                        space(nested);
                        max = peek() == '}' ? Expression.UNBOUNDED : number();
                        space(nested);
                    }
                    if (peek() != '}') {
                        throw fault("expected } behind the number of repetitions");
                    }
                    if (max != Expression.UNBOUNDED && max < min) {
                        throw fault("the most repetitions, " + max + ", are fewer than the least, " + min);
                    }
                    at++;
                }
                default -> {
                    return repeated;
                }
            }
            if (times == MAX_SUFFIXES) {
                throw fault("more than " + MAX_SUFFIXES + " repetitions stand behind each other");
            }
            repeated = Expression.repeat(repeated, min, max);
            space(nested);
        }
    }

    private int number() {
        int start = at;
        long value = 0;
        while (peek() >= '0' && peek() <= '9') {
            value = Math.min(10 * value + text.charAt(at++) - '0', Integer.MAX_VALUE);
        }
        if (at == start) {
            throw fault("expected a number of repetitions");
        }
        if (value > MAX_REPEATS) {
            at = start;
            throw fault("more than " + MAX_REPEATS + " repetitions");
        }
        return (int) value;
    }

    private Expression literal() {
        int start = at++;
        var value = new StringBuilder();
        while (peek() != '"' || at == text.length()) {
            if (at >= text.length() || peek() == '\n') {
                at = start;
                throw fault("the literal is never closed");
            }
            value.appendCodePoint(character());
        }
        at++;
        return Expression.text(value.toString());
    }

    private Expression characters() {
        int start = at++;
        boolean negated = peek() == '^';
        if (negated) {
            at++;
        }
        var parts = new ArrayList<CodePoints>();
        while (peek() != ']' || at == text.length()) {
            if (at >= text.length() || peek() == '\n') {
                at = start;
                throw fault("the class is never closed");
            }
            int place = at;
            int first = character();
            int last = first;
            if (peek() == '-' && at + 1 < text.length() && text.charAt(at + 1) != ']') {
                at++;
                last = character();
            }
            if (last < first) {
                at = place;
                throw fault("the range of characters runs backwards");
            }
            parts.add(CodePoints.range(first, last));
        }
        at++;
        CodePoints set = CodePoints.union(parts);
        return new Expression.Characters(negated ? set.not() : set);
    }

    private int character() {
        int c = text.codePointAt(at);
        int start = at;
        at += Character.charCount(c);
        if (c == '\\') {
            c = escape(start);
        }
        if (c > Character.MAX_CODE_POINT || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            at = start;
            throw fault("this is not a Unicode character");
        }
        return c;
    }

    private int escape(int start) {
        char kind = peek();
        at++;
        return switch (kind) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '\\', '"', '[', ']', '-', '^' -> kind;
            case 'x' -> hex(2, start);
            case 'u' -> hex(4, start);
            case 'U' -> hex(8, start);
            default -> {
                at = start;
                throw fault("unknown escape '" + text.substring(start, Math.min(text.length(), start + 2)) + "'");
            }
        };
    }

    private int hex(int digits, int start) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0 || peek() > 'f') {
                at = start;
                throw fault("the escape needs " + digits + " hexadecimal digits");
            }
            value = value << 4 | digit;
            at++;
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private String name() {
        int start = at;
        while (isNamePart(peek())) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isNamePart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /// Skips white space and comments, over line ends too if those don't matter here.
    private void space(boolean lineEnds) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                while (at < text.length() && peek() != '\n' && peek() != '\r') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || (lineEnds && (c == '\n' || c == '\r'))) {
                at++;
            } else {
                return;
            }
        }
    }

    /// The next character, or 0 at the end.
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private String shown() {
        return Character.toString(text.codePointAt(at));
    }

    private HadalException fault(String cause) {
        String before = text.substring(0, Math.min(at, text.length()));
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return new HadalException(
                "grammar, line %d, column %d: %s; correct the grammar".formatted(line, column, cause));
    }
}
