package ai.hadal.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// What several plain schemas demand together. Schemas of parts are lists too: all in a list must hold.
final class Schema {

    /// `INTEGER` is what `NUMBER` allows and more.
    enum Type {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        INTEGER,
        BOOLEAN,
        NULL
    }

    private static final int MAX_DIGITS = 400;
    private static final int MAX_COUNT = 1 << 30;

    private final SchemaDocument document;

    Set<Type> types = EnumSet.allOf(Type.class);

    @Nullable
    Set<JsonNode> values;

    DecimalRanges.@Nullable Bound low;
    DecimalRanges.@Nullable Bound high;

    /// What numbers must be multiples of, and where that is said.
    @Nullable
    BigDecimal step;

    @Nullable
    Located stepPlace;

    int minLength;
    int maxLength = Expression.UNBOUNDED;

    @Nullable
    String pattern;

    @Nullable
    Located patternPlace;
    /// One that is enforced; where there is a pattern too, it is only a remark.
    @Nullable
    String format;

    final Map<String, List<Located>> properties = new LinkedHashMap<>();
    /// Whether there is a list of members, if only an empty one.
    boolean listsMembers;

    final Set<String> required = new LinkedHashSet<>();
    /// Null: nothing is said about other members.
    @Nullable
    List<Located> additional;

    final List<Located> patterned = new ArrayList<>();
    int minProperties;
    int maxProperties = Expression.UNBOUNDED;

    final List<List<Located>> prefix = new ArrayList<>();
    List<Located> items = new ArrayList<>();
    int minItems;
    int maxItems = Expression.UNBOUNDED;

    /// @param plain as [SchemaDocument#flatten] gives them; choices among them are passed over
    Schema(SchemaDocument document, List<Located> plain) {
        this.document = document;
        for (Located schema : plain) {
            document.spend(
                    schema.place(), 1L + schema.schema().path("properties").size() + properties.size());
            if (schema.schema().isBoolean()) {
                types = EnumSet.noneOf(Type.class);
            } else {
                general(schema);
                numbers(schema);
                strings(schema);
                objects(schema);
                arrays(schema);
            }
        }
    }

    private void general(Located schema) {
        for (String keyword : SchemaKeywords.BEYOND) {
            JsonNode value = schema.schema().path(keyword);
            if (schema.has(keyword) && !(keyword.equals("uniqueItems") && !value.asBoolean(true))) {
                document.pass(schema, keyword, "");
            }
        }
        if (schema.has("type")) {
            Located type = schema.at("type");
            Set<Type> named = EnumSet.noneOf(Type.class);
            if (type.schema().isArray()) {
                type.schema().forEach(name -> named.addAll(types(type, name)));
            } else {
                named.addAll(types(type, type.schema()));
            }
            types.retainAll(named);
        }
        if (schema.has("enum")) {
            Located list = schema.at("enum");
            if (!list.schema().isArray()) {
                throw document.fault(list.place(), "is not a list; correct the schema");
            }
            retain(list.schema().valueStream().toList());
        }
        if (schema.has("const")) {
            retain(List.of(schema.schema().path("const")));
        }
    }

    private Set<Type> types(Located place, JsonNode name) {
        return switch (name.asString("")) {
            case "number" -> EnumSet.of(Type.NUMBER, Type.INTEGER);
            case "object", "array", "string", "integer", "boolean", "null" ->
                EnumSet.of(Type.valueOf(name.stringValue().toUpperCase(Locale.ROOT)));
            default -> throw document.fault(place.place(), "names no type of JSON; correct the schema");
        };
    }

    private void retain(List<JsonNode> allowed) {
        if (values == null) {
            values = new LinkedHashSet<>(allowed);
        } else {
            values.retainAll(new LinkedHashSet<>(allowed));
        }
    }

    private void numbers(Located schema) {
        bound(schema, "minimum", "exclusiveMinimum", true);
        bound(schema, "maximum", "exclusiveMaximum", false);
        if (schema.has("multipleOf")) {
            JsonNode value = schema.schema().path("multipleOf");
            if (!value.isNumber() || !(value.asDouble() > 0) || !Double.isFinite(value.asDouble())) {
                throw document.fault(schema.place() + "/multipleOf", "is not a positive number; correct the schema");
            }
            BigDecimal wanted = Multiples.common(step, value.decimalValue());
            if (wanted == null) {
                document.pass(schema, "multipleOf", ", as it is no small whole number and no power of ten");
                return;
            }
            step = wanted;
            stepPlace = schema;
            if (wanted.scale() <= 0) {
                types.remove(Type.NUMBER);
            }
        }
    }

    private void bound(Located schema, String keyword, String exclusive, boolean lower) {
        JsonNode edge = schema.schema().path(exclusive);
        // In draft 4 the exclusive keyword is a flag of the other.
        if (schema.has(keyword)) {
            narrow(schema, keyword, !edge.asBoolean(false) || edge.isNumber(), lower);
        }
        if (schema.has(exclusive) && !edge.isBoolean()) {
            narrow(schema, exclusive, false, lower);
        }
    }

    private void narrow(Located schema, String keyword, boolean inside, boolean lower) {
        JsonNode value = schema.schema().path(keyword);
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw document.fault(schema.place() + "/" + keyword, "is not a number; correct the schema");
        }
        BigDecimal number = value.decimalValue();
        if (Math.abs((long) number.scale()) + number.precision() > MAX_DIGITS) {
            document.pass(schema, keyword, ", as the number has more than " + MAX_DIGITS + " digits");
            return;
        }
        var bound = new DecimalRanges.Bound(number, inside);
        DecimalRanges.Bound old = lower ? low : high;
        int order = old == null ? 1 : Integer.signum(number.compareTo(old.value())) * (lower ? 1 : -1);
        if (order > 0 || (order == 0 && !inside)) {
            if (lower) {
                low = bound;
            } else {
                high = bound;
            }
        }
    }

    private void strings(Located schema) {
        minLength = Math.max(minLength, count(schema, "minLength", 0));
        maxLength = smaller(maxLength, count(schema, "maxLength", Expression.UNBOUNDED));
        if (schema.has("format")) {
            String named = document.text(schema, "format");
            if (Formats.isEnforced(named)) {
                format = named;
            } else if (Formats.isBeyond(named)) {
                document.pass(schema, "format", " where it is '" + named + "'");
            }
        }
        if (schema.has("pattern")) {
            String wanted = document.text(schema, "pattern");
            if (pattern != null && !pattern.equals(wanted)) {
                document.pass(schema, "pattern", " together with another pattern");
                return;
            }
            pattern = wanted;
            patternPlace = schema;
        }
    }

    /// A number of characters, elements or members.
    private int count(Located schema, String keyword, int otherwise) {
        if (!schema.has(keyword)) {
            return otherwise;
        }
        JsonNode value = schema.schema().path(keyword);
        double count = value.asDouble(-1);
        if (!value.isNumber() || count < 0 || count != Math.rint(count)) {
            throw document.fault(schema.place() + "/" + keyword, "is not a natural number; correct the schema");
        }
        return (int) Math.min(count, MAX_COUNT);
    }

    private static int smaller(int a, int b) {
        return a == Expression.UNBOUNDED ? b : b == Expression.UNBOUNDED ? a : Math.min(a, b);
    }

    private void objects(Located schema) {
        minProperties = Math.max(minProperties, count(schema, "minProperties", 0));
        maxProperties = smaller(maxProperties, count(schema, "maxProperties", Expression.UNBOUNDED));
        Located members = schema.at("properties");
        listsMembers |= schema.has("properties");
        Located others = schema.at("additionalProperties");
        boolean patterns = schema.has("patternProperties");
        // Which names a pattern takes from the others is not looked into.
        boolean limits = schema.has("additionalProperties") && !patterns;
        for (String name : properties.keySet()) {
            if (limits && !members.has(name)) {
                properties.get(name).add(others);
            }
        }
        for (String name : members.schema().propertyNames()) {
            List<Located> parts = properties.get(name);
            if (parts == null) {
                parts = new ArrayList<>(additional == null ? List.of() : additional);
                properties.put(name, parts);
            }
            parts.add(members.at(name));
        }
        if (schema.has("additionalProperties")) {
            additional = additional == null ? new ArrayList<>() : additional;
            additional.add(others);
        }
        if (patterns) {
            Located all = schema.at("patternProperties");
            all.schema().propertyNames().forEach(name -> patterned.add(all.at(name)));
        }
        for (JsonNode name : schema.schema().path("required")) {
            // In draft 3 it was a flag of the member itself.
            if (name.isString()) {
                required.add(name.stringValue());
            }
        }
    }

    private void arrays(Located schema) {
        minItems = Math.max(minItems, count(schema, "minItems", 0));
        maxItems = smaller(maxItems, count(schema, "maxItems", Expression.UNBOUNDED));
        boolean old = schema.schema().path("items").isArray();
        Located first = schema.at(old ? "items" : "prefixItems");
        String restKeyword = old ? "additionalItems" : "items";
        Located rest = schema.has(restKeyword) ? schema.at(restKeyword) : new Located(BooleanNode.TRUE, schema.place());
        int length = Math.max(first.schema().size(), prefix.size());
        for (int i = 0; i < length; i++) {
            if (i == prefix.size()) {
                prefix.add(new ArrayList<>(items));
            }
            prefix.get(i).add(i < first.schema().size() ? first.at(i) : rest);
        }
        if (!rest.schema().equals(BooleanNode.TRUE)) {
            items.add(rest);
        }
    }

    boolean allows(Type type) {
        return types.contains(type);
    }
}
