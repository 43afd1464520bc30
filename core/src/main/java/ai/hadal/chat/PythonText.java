package ai.hadal.chat;

import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// How Python shows a JSON value: the official encoding formats some fields with `str` and quotes messages in its
/// errors with `repr`.
final class PythonText {

    private PythonText() {}

    /// `str(value)`: a string is itself, anything else its [#repr].
    static String str(JsonNode value) {
        return value.isString() ? value.stringValue() : repr(value);
    }

    static String repr(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                var members = new StringJoiner(", ", "{", "}");
                for (var member : value.properties()) {
                    members.add(repr(member.getKey()) + ": " + repr(member.getValue()));
                }
                yield members.toString();
            }
            case ARRAY -> {
                var elements = new StringJoiner(", ", "[", "]");
                for (JsonNode element : value.values()) {
                    elements.add(repr(element));
                }
                yield elements.toString();
            }
            case STRING -> repr(value.stringValue());
            case NUMBER -> value.isIntegralNumber() ? value.bigIntegerValue().toString() : repr(value.doubleValue());
            case BOOLEAN -> value.booleanValue() ? "True" : "False";
            default -> "None";
        };
    }

    private static String repr(double value) {
        if (Double.isFinite(value)) {
            return PythonFloat.json(value);
        }
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        var out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        String format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                        out.append(String.format(Locale.ROOT, format, c));
                    }
                }
            }
        });
        return out.append(quote).toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /// The name of a value's Python type.
    static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "dict";
            case ARRAY -> "list";
            case STRING -> "str";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case BOOLEAN -> "bool";
            default -> "NoneType";
        };
    }

    /// Whether Python's `if value` holds.
    static boolean isTruthy(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, ARRAY -> !value.isEmpty();
            case STRING -> !value.stringValue().isEmpty();
            case NUMBER -> value.doubleValue() != 0;
            case BOOLEAN -> value.booleanValue();
            default -> false;
        };
    }

    /// Whether `\s` matches: Unicode space by Python's rule, which unlike Java's counts the no-break spaces and NEL.
    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || c == '\u0085' || c == '\u00a0' || c == '\u2007' || c == '\u202f';
    }
}
