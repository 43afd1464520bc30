package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The values that satisfy a schema without choices: constants, numbers and strings here, what has parts
/// elsewhere.
final class ValueExpressions {

    private static final int MAX_VALUES = 5_000;

    private final SchemaCompiler compiler;
    private final SchemaDocument document;

    ValueExpressions(SchemaCompiler compiler, SchemaDocument document) {
        this.compiler = compiler;
        this.document = document;
    }

    /// @param plain where the schema comes from, for errors
    Expression of(SchemaCompiler.Form form, Schema schema, List<Located> plain) {
        Letters letters = form == SchemaCompiler.Form.TEXT ? Letters.RAW : Letters.JSON;
        if (schema.values != null) {
            return constants(form, schema, plain);
        }
        var ways = new ArrayList<Expression>();
        for (Schema.Type type : schema.types) {
            boolean wanted = switch (form) {
                case JSON -> true;
                case JSON_BUT_STRINGS -> type != Schema.Type.STRING;
                case TEXT -> type == Schema.Type.STRING;
            };
            if (wanted) {
                ways.add(
                        switch (type) {
                            case OBJECT -> new ObjectExpressions(compiler, document).of(schema, plain);
                            case ARRAY -> array(schema);
                            case STRING -> {
                                Expression text = text(schema, letters);
                                yield letters == Letters.RAW ? text : quoted(text);
                            }
                            case NUMBER -> number(schema);
                            case INTEGER -> schema.allows(Schema.Type.NUMBER) ? Expression.NEVER : integer(schema);
                            case BOOLEAN -> Json.BOOLEAN;
                            case NULL -> Json.NULL;
                        });
            }
        }
        return new Expression.Choice(ways);
    }

    private static Expression quoted(Expression text) {
        return Expression.sequence(Expression.text("\""), text, Expression.text("\""));
    }

    private Expression constants(SchemaCompiler.Form form, Schema schema, List<Located> plain) {
        var values = Objects.requireNonNull(schema.values);
        if (values.size() > MAX_VALUES) {
            throw document.fault(
                    plain.getFirst().place(),
                    "allows more than %d values; make the list shorter".formatted(MAX_VALUES));
        }
        document.spend(plain.getFirst().place(), values.size());
        var ways = new ArrayList<Expression>();
        for (JsonNode value : values) {
            if (allows(schema, value, plain)) {
                if (form == SchemaCompiler.Form.TEXT && value.isString()) {
                    ways.add(Letters.RAW.text(value.stringValue()));
                } else if (form == SchemaCompiler.Form.JSON
                        || (form != SchemaCompiler.Form.TEXT && !value.isString())) {
                    ways.add(Json.constant(value));
                }
            }
        }
        return new Expression.Choice(ways);
    }

    /// Whether a constant satisfies what else the schema says.
    private boolean allows(Schema schema, JsonNode value, List<Located> plain) {
        Schema.Type type = type(value);
        if (!schema.allows(type)) {
            return false;
        }
        return switch (type) {
            case STRING -> {
                long length = value.stringValue().codePoints().count();
                if (schema.pattern != null) {
                    document.pass(plain.getFirst(), "pattern", " together with constants");
                }
                yield length >= schema.minLength
                        && (schema.maxLength == Expression.UNBOUNDED || length <= schema.maxLength);
            }
            case NUMBER, INTEGER -> {
                BigDecimal number = value.decimalValue();
                boolean fits =
                        schema.step == null || number.remainder(schema.step).signum() == 0;
                yield fits && isInside(number, schema.low, 1) && isInside(number, schema.high, -1);
            }
            case OBJECT, ARRAY -> {
                boolean more = plain.stream()
                        .anyMatch(part -> part.has("properties")
                                || part.has("required")
                                || part.has("additionalProperties")
                                || part.has("items")
                                || part.has("prefixItems")
                                || part.has("minItems")
                                || part.has("maxItems"));
                if (more) {
                    document.pass(plain.getFirst(), "enum", ", as the schema says more about its objects and arrays");
                }
                yield true;
            }
            case BOOLEAN, NULL -> true;
        };
    }

    private static boolean isInside(BigDecimal number, DecimalRanges.@Nullable Bound bound, int sign) {
        if (bound == null) {
            return true;
        }
        int order = Integer.signum(number.compareTo(bound.value())) * sign;
        return order > 0 || (order == 0 && bound.inside());
    }

    private static Schema.Type type(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> Schema.Type.OBJECT;
            case ARRAY -> Schema.Type.ARRAY;
            case STRING -> Schema.Type.STRING;
            case BOOLEAN -> Schema.Type.BOOLEAN;
            case NUMBER ->
                value.isIntegralNumber()
                                || value.decimalValue().stripTrailingZeros().scale() <= 0
                        ? Schema.Type.INTEGER
                        : Schema.Type.NUMBER;
            default -> Schema.Type.NULL;
        };
    }

    private Expression integer(Schema schema) {
        DecimalRanges.Bound low = schema.low;
        DecimalRanges.Bound high = schema.high;
        if (low == null && high == null && schema.step == null) {
            return Json.INTEGER;
        }
        BigInteger first = null;
        if (low != null) {
            first = low.value().setScale(0, RoundingMode.CEILING).toBigInteger();
            boolean isEdge = low.value().compareTo(new BigDecimal(first)) == 0;
            first = isEdge && !low.inside() ? first.add(BigInteger.ONE) : first;
        }
        BigInteger last = null;
        if (high != null) {
            last = high.whole();
            boolean isEdge = high.value().compareTo(new BigDecimal(last)) == 0;
            last = isEdge && !high.inside() ? last.subtract(BigInteger.ONE) : last;
        }
        BigDecimal step = schema.step;
        if (step != null && step.compareTo(BigDecimal.ONE) > 0) {
            Expression multiples = Multiples.integers(step.intValue(), first, last);
            if (multiples != null) {
                return multiples;
            }
            document.pass(Objects.requireNonNull(schema.stepPlace), "multipleOf", " together with these bounds");
        }
        return first == null && last == null ? Json.INTEGER : DigitRanges.integers(first, last);
    }

    private Expression number(Schema schema) {
        DecimalRanges.Bound low = schema.low;
        BigDecimal step = schema.step;
        if (step != null) {
            boolean natural = low != null && low.inside() && low.value().signum() == 0;
            if (schema.high == null && (low == null || natural)) {
                return Multiples.decimals(step.scale(), low == null);
            }
            document.pass(Objects.requireNonNull(schema.stepPlace), "multipleOf", " together with these bounds");
        }
        return schema.low == null && schema.high == null ? Json.NUMBER : DecimalRanges.numbers(schema.low, schema.high);
    }

    private Expression text(Schema schema, Letters letters) {
        int min = schema.minLength;
        int max = schema.maxLength;
        if (max != Expression.UNBOUNDED && max < min) {
            return Expression.NEVER;
        }
        Regex regex = regex(schema);
        if (regex == null) {
            return Expression.repeat(letters.any(), min, max);
        }
        if (regex instanceof Regex.Repeat(Regex.One one, int least, int most)) {
            int first = Math.max(least, min);
            int last = most == Expression.UNBOUNDED ? max : max == Expression.UNBOUNDED ? most : Math.min(most, max);
            return last != Expression.UNBOUNDED && last < first
                    ? Expression.NEVER
                    : Expression.repeat(one.expression(letters), first, last);
        }
        Located place = schema.patternPlace;
        if (regex.shortest() < min && place != null) {
            document.pass(place, "minLength", " together with this pattern");
        }
        if (max != Expression.UNBOUNDED && regex.longest() > max && place != null) {
            document.pass(place, "maxLength", " together with this pattern");
        }
        return regex.expression(letters);
    }

    /// What a text must match; null if anything goes.
    private @Nullable Regex regex(Schema schema) {
        String pattern = schema.pattern;
        Located place = schema.patternPlace;
        if (pattern != null && place != null) {
            try {
                return RegexParser.parse(pattern);
            } catch (HadalException e) {
                document.pass(place, "pattern", ", because " + e.getMessage());
                return null;
            }
        }
        String format = schema.format;
        return format == null ? null : RegexParser.parse(Formats.pattern(format));
    }

    private Expression array(Schema schema) {
        int min = schema.minItems;
        int max = schema.maxItems;
        if (max != Expression.UNBOUNDED && max < min) {
            return Expression.NEVER;
        }
        Expression item = compiler.value(SchemaCompiler.Form.JSON, schema.items);
        int fixed = max == Expression.UNBOUNDED ? schema.prefix.size() : Math.min(max, schema.prefix.size());
        int most = max == Expression.UNBOUNDED ? max : max - fixed;
        Expression rest = Expression.repeat(
                Expression.sequence(Json.COMMA, item),
                Math.max(0, min - Math.max(fixed, 1)),
                fixed > 0 ? most : oneLess(most));
        if (max == 0) {
            return Expression.text("[]");
        }
        Expression elements;
        if (fixed == 0) {
            elements = Expression.sequence(item, rest);
        } else {
            Expression tail = rest;
            for (int i = fixed - 1; i > 0; i--) {
                Expression more = Expression.sequence(
                        Json.COMMA, compiler.value(SchemaCompiler.Form.JSON, schema.prefix.get(i)), tail);
                tail = new Rule("elements", i < min ? more : Expression.optional(more)).call();
            }
            elements = Expression.sequence(compiler.value(SchemaCompiler.Form.JSON, schema.prefix.getFirst()), tail);
        }
        return Json.braces("[", elements, "]", min == 0);
    }

    private static int oneLess(int max) {
        return max == Expression.UNBOUNDED ? max : max - 1;
    }
}
