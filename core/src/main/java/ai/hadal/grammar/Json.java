package ai.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// JSON as a model may write it. It keeps its habits of white space: none, one blank, or a new line with
/// indentation. Everything that has no end of its own is bounded, but for the lengths of strings, arrays and
/// objects: white space and digits are what a model that lost its way goes on with for ever.
final class Json {

    private static final int MAX_INDENT = 64;
    static final int MAX_DIGITS = 40;

    /// What stands in a JSON string as it is.
    static final CodePoints PLAIN =
            CodePoints.range(' ', Character.MAX_CODE_POINT).minus(CodePoints.of("\"\\"));

    /// A character inside a JSON string. Surrogates are escaped in pairs only, which are one character.
    static final Expression CHARACTER = character();

    static final Expression STRING = new Rule(
                    "string",
                    Expression.sequence(Expression.text("\""), Expression.any(CHARACTER), Expression.text("\"")))
            .call();

    static final Expression DIGIT = new Expression.Characters(CodePoints.range('0', '9'));
    static final Expression DIGIT_BUT_ZERO = new Expression.Characters(CodePoints.range('1', '9'));

    static final Expression UNSIGNED = Expression.choice(
            Expression.text("0"), Expression.sequence(DIGIT_BUT_ZERO, new Expression.Repeat(DIGIT, 0, MAX_DIGITS - 1)));

    static final Expression INTEGER =
            new Rule("integer", Expression.sequence(Expression.optional(Expression.text("-")), UNSIGNED)).call();

    static final Expression FRACTION =
            Expression.sequence(Expression.text("."), new Expression.Repeat(DIGIT, 1, MAX_DIGITS));

    static final Expression NUMBER = new Rule(
                    "number",
                    Expression.sequence(
                            INTEGER,
                            Expression.optional(FRACTION),
                            Expression.optional(Expression.sequence(
                                    new Expression.Characters(CodePoints.of("eE")),
                                    Expression.optional(new Expression.Characters(CodePoints.of("+-"))),
                                    new Expression.Repeat(DIGIT, 1, 2)))))
            .call();

    static final Expression BOOLEAN = Expression.choice(Expression.text("true"), Expression.text("false"));
    static final Expression NULL = Expression.text("null");

    /// Between brackets and what they hold.
    private static final Expression GAP = new Rule(
                    "white space",
                    Expression.choice(
                            Expression.EMPTY,
                            Expression.text(" "),
                            Expression.sequence(
                                    Expression.text("\n"),
                                    Expression.choice(
                                            new Expression.Repeat(Expression.text(" "), 0, MAX_INDENT),
                                            new Expression.Repeat(Expression.text("\t"), 1, MAX_INDENT / 4)))))
            .call();

    private static final Expression COLON =
            Expression.sequence(Expression.text(":"), Expression.optional(Expression.text(" ")));
    static final Expression COMMA = Expression.sequence(Expression.text(","), GAP);

    static final Expression OBJECT;
    static final Expression VALUE;

    static {
        var value = new Rule("JSON value");
        Expression member = member(STRING, value.call());
        OBJECT = new Rule("JSON object", braces("{", list(member), "}", true)).call();
        Expression array = new Rule("JSON array", braces("[", list(value.call()), "]", true)).call();
        value.define(Expression.choice(OBJECT, array, STRING, NUMBER, BOOLEAN, NULL));
        VALUE = value.call();
    }

    private Json() {}

    private static Expression character() {
        CodePoints hex = CodePoints.of("0123456789abcdefABCDEF");
        Expression digit = new Expression.Characters(hex);
        Expression high = Expression.sequence(
                new Expression.Characters(CodePoints.of("dD")),
                new Expression.Characters(CodePoints.of("89abAB")),
                digit,
                digit);
        Expression low = Expression.sequence(
                new Expression.Characters(CodePoints.of("dD")),
                new Expression.Characters(CodePoints.of("cdefCDEF")),
                digit,
                digit);
        Expression scalar = Expression.choice(
                Expression.sequence(new Expression.Characters(hex.minus(CodePoints.of("dD"))), digit, digit, digit),
                Expression.sequence(
                        new Expression.Characters(CodePoints.of("dD")),
                        new Expression.Characters(CodePoints.range('0', '7')),
                        digit,
                        digit));
        Expression escape = Expression.choice(
                new Expression.Characters(CodePoints.of("\"\\/bfnrt")),
                Expression.sequence(Expression.text("u"), scalar),
                Expression.sequence(Expression.text("u"), high, Expression.text("\\u"), low));
        return Expression.choice(new Expression.Characters(PLAIN), Expression.sequence(Expression.text("\\"), escape));
    }

    static Expression member(Expression name, Expression value) {
        return Expression.sequence(name, COLON, value);
    }

    /// One element or more.
    private static Expression list(Expression element) {
        return Expression.sequence(element, Expression.any(Expression.sequence(COMMA, element)));
    }

    /// Brackets around content that is not empty, or with nothing between.
    static Expression braces(String open, Expression content, String close, boolean maybeEmpty) {
        Expression filled = Expression.sequence(Expression.text(open), GAP, content, GAP, Expression.text(close));
        return maybeEmpty ? Expression.choice(Expression.text(open + close), filled) : filled;
    }

    /// Exactly this value; numbers and strings in their shortest form.
    static Expression constant(JsonNode value) {
        if (value.isArray()) {
            return value.isEmpty()
                    ? Expression.text("[]")
                    : braces(
                            "[",
                            constants(value.valueStream().map(Json::constant).toList()),
                            "]",
                            false);
        }
        if (value.isObject()) {
            List<Expression> members = value.properties().stream()
                    .map(entry -> member(Expression.text(quoted(entry.getKey())), constant(entry.getValue())))
                    .toList();
            return members.isEmpty() ? Expression.text("{}") : braces("{", constants(members), "}", false);
        }
        return Expression.text(value.isString() ? quoted(value.stringValue()) : value.toString());
    }

    private static Expression constants(List<Expression> elements) {
        var parts = new ArrayList<Expression>();
        for (Expression element : elements) {
            if (!parts.isEmpty()) {
                parts.add(COMMA);
            }
            parts.add(element);
        }
        return new Expression.Sequence(parts);
    }

    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    static String escaped(String text) {
        var escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\b' -> escaped.append("\\b");
                case '\f' -> escaped.append("\\f");
                default -> {
                    if (c < ' ') {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
