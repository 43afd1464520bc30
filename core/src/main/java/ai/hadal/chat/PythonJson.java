package ai.hadal.chat;

import ai.hadal.error.HadalException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// JSON as the official encoding reads and writes it, which is what Python's `json` module does with
/// `ensure_ascii=False`: the model was trained on exactly this spacing and these number forms.
///
/// Numbers keep what Python keeps: integers all their digits, floats their IEEE value. `NaN`, `Infinity` and
/// `-Infinity` are numbers too. Of duplicate keys the last value counts, at the place of the first.
final class PythonJson {

    /// Python refuses to read integers of more than 4300 digits.
    private static final int LONGEST_NUMBER = 4301;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PythonJson() {}

    /// The tree of a text, or null if Python would not take it for JSON.
    static @Nullable JsonNode tryParse(String text) {
        try {
            return read(text);
        } catch (JacksonException _) {
            return null;
        }
    }

    /// The tree of a text.
    ///
    /// @param place what the text is, for the message
    static JsonNode parse(String place, String text) {
        try {
            return read(text);
        } catch (JacksonException e) {
            throw new HadalException(
                    "%s is not valid JSON (%s): correct the text".formatted(place, e.getOriginalMessage()), e);
        }
    }

    private static JsonNode read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonNode value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw invalid(parser, "text after the JSON value");
            }
            return value;
        }
    }

    private static JsonNode value(JsonParser parser, @Nullable JsonToken token) {
        if (token == null) {
            throw invalid(parser, "no JSON value");
        }
        return switch (token) {
            case START_OBJECT -> {
                var object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    object.set(key, value(parser, parser.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                var array = NODES.arrayNode();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    array.add(value(parser, next));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(floating(parser));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw invalid(parser, "unexpected " + token);
        };
    }

    private static double floating(JsonParser parser) {
        String text = parser.getString();
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                // Jackson also lets spellings such as INF pass as numbers; Python does not.
                if (parser.isNaN()) {
                    throw invalid(parser, "unknown constant " + text);
                }
                yield Double.parseDouble(text);
            }
        };
    }

    private static JacksonException invalid(JsonParser parser, String message) {
        return new StreamReadException(parser, message);
    }

    static String write(JsonNode node) {
        var out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                String separator = "{";
                for (var member : node.properties()) {
                    out.append(separator);
                    quote(member.getKey(), out);
                    out.append(": ");
                    write(member.getValue(), out);
                    separator = ", ";
                }
                out.append(node.isEmpty() ? "{}" : "}");
            }
            case ARRAY -> {
                String separator = "[";
                for (JsonNode element : node.values()) {
                    out.append(separator);
                    write(element, out);
                    separator = ", ";
                }
                out.append(node.isEmpty() ? "[]" : "]");
            }
            case STRING -> quote(node.stringValue(), out);
            case NUMBER ->
                out.append(
                        node.isIntegralNumber()
                                ? node.bigIntegerValue().toString()
                                : PythonFloat.json(node.doubleValue()));
            case BOOLEAN -> out.append(node.booleanValue());
            default -> out.append("null");
        }
    }

    static String quote(String text) {
        var out = new StringBuilder(text.length() + 2);
        quote(text, out);
        return out.toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        escape(text, out);
        out.append('"');
    }

    /// Appends the inside of a JSON string. Characters are independent of each other, so a text may come in pieces.
    static void escape(CharSequence text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
