package ai.hadal.tokenizer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// An entry of tokenizer.json's `added_tokens`.
record AddedToken(int id, String content, boolean normalized, boolean special) {

    int flags() {
        return Definition.ADDED | (normalized ? Definition.NORMALIZED : 0) | (special ? Definition.SPECIAL : 0);
    }

    static List<AddedToken> readAll(Place place, JsonNode array) {
        if (!array.isArray()) {
            throw place.fault("added_tokens", "it is missing or not an array");
        }
        var tokens = new ArrayList<AddedToken>(array.size());
        for (JsonNode entry : array) {
            tokens.add(read(place, "added_tokens[" + tokens.size() + "]", entry));
        }
        return tokens;
    }

    private static AddedToken read(Place place, String field, JsonNode entry) {
        JsonNode id = entry.path("id");
        if (!id.isInt()) {
            throw place.fault(field + ".id", "it is missing or not an integer");
        }
        JsonNode content = entry.path("content");
        if (!content.isString() || content.stringValue().isEmpty()) {
            throw place.fault(field + ".content", "it is missing, empty or not a text");
        }
        for (String rule : List.of("single_word", "lstrip", "rstrip")) {
            if (flag(place, field, entry, rule)) {
                throw place.fault(field + "." + rule, "only false is supported");
            }
        }
        return new AddedToken(
                id.intValue(),
                content.stringValue(),
                flag(place, field, entry, "normalized"),
                flag(place, field, entry, "special"));
    }

    private static boolean flag(Place place, String field, JsonNode entry, String name) {
        JsonNode value = entry.path(name);
        if (!value.isBoolean()) {
            throw place.fault(field + "." + name, "it is missing or neither true nor false");
        }
        return value.booleanValue();
    }
}
