package ai.hadal.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of a JSON object in a request, read with their types: what is wrong is said with the field's
/// place. A field that is null counts as missing.
public final class Fields {

    private final JsonNode object;
    private final String place;

    /// @param place where the object stands in the request, "" for the request itself
    /// @throws ApiException if it is no object
    public Fields(JsonNode object, String place) {
        if (!object.isObject()) {
            throw ApiException.invalid(place, of(place, "request") + " must be a JSON object");
        }
        this.object = object;
        this.place = place;
    }

    private static String of(String place, String otherwise) {
        return place.isEmpty() ? "the " + otherwise : "'" + place + "'";
    }

    /// The place of a field.
    public String place(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    public boolean has(String name) {
        return value(name) != null;
    }

    /// The value of a field, null if it is missing.
    public @Nullable JsonNode value(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private ApiException wrong(String name, String wanted) {
        return ApiException.invalid(place(name), "'" + place(name) + "' must be " + wanted);
    }

    private ApiException missing(String name) {
        return new ApiException(
                ApiException.Kind.INVALID_REQUEST,
                "missing_required_parameter",
                place(name),
                "'" + place(name) + "' is missing; give it");
    }

    public JsonNode required(String name) {
        JsonNode value = value(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    public @Nullable String string(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isString()) {
            throw wrong(name, "a string");
        }
        return value == null ? null : value.stringValue();
    }

    public String string(String name, String otherwise) {
        String value = string(name);
        return value == null ? otherwise : value;
    }

    public String requiredString(String name) {
        String value = string(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    public boolean bool(String name, boolean otherwise) {
        JsonNode value = value(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value == null ? otherwise : value.booleanValue();
    }

    /// A whole number within bounds.
    public int integer(String name, int otherwise, int least, int most) {
        return (int) integer(name, (long) otherwise, least, most);
    }

    /// A whole number within bounds.
    public long integer(String name, long otherwise, long least, long most) {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        boolean whole = value.isIntegralNumber() || (value.isNumber() && value.doubleValue() % 1 == 0);
        if (!whole || value.doubleValue() < least || value.doubleValue() > most) {
            throw wrong(name, "a whole number from " + least + " to " + most);
        }
        return value.canConvertToLong() ? value.longValue() : (long) value.doubleValue();
    }

    /// A number within bounds.
    public double number(String name, double otherwise, double least, double most) {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw wrong(name, "a number from " + text(least) + " to " + text(most));
        }
        return value.doubleValue();
    }

    private static String text(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15
                ? Long.toString((long) bound)
                : Double.toString(bound);
    }

    /// The object in a field, null if it is missing.
    public @Nullable Fields object(String name) {
        JsonNode value = value(name);
        return value == null ? null : new Fields(value, place(name));
    }

    /// The elements of a list, none if it is missing.
    public List<JsonNode> list(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(name, "a list");
        }
        return List.copyOf(value.values());
    }

    /// A string or a list of strings.
    public List<String> strings(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (value.isString()) {
            return List.of(value.stringValue());
        }
        var strings = new ArrayList<String>();
        for (JsonNode element : list(name)) {
            if (!element.isString()) {
                throw wrong(name, "a string or a list of strings");
            }
            strings.add(element.stringValue());
        }
        return strings;
    }

    /// Strings as [#strings], none of them empty.
    ///
    /// @param most how many there may be
    public List<String> texts(String name, int most) {
        var texts = strings(name);
        if (texts.size() > most || texts.stream().anyMatch(String::isEmpty)) {
            throw wrong(name, "up to " + most + " texts, none of them empty");
        }
        return texts;
    }

    /// One of the given strings.
    public String oneOf(String name, String otherwise, Set<String> values) {
        String value = string(name);
        if (value == null) {
            return otherwise;
        }
        if (!values.contains(value)) {
            throw wrong(
                    name, "one of " + String.join(", ", values.stream().sorted().toList()));
        }
        return value;
    }

    /// The object itself.
    public JsonNode json() {
        return object;
    }
}
