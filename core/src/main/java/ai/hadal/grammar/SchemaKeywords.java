package ai.hadal.grammar;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The keywords of JSON Schema (drafts 4 to 2020-12) by what becomes of them. Others are remarks.
final class SchemaKeywords {

    static final Set<String> CHOICES = Set.of("anyOf", "oneOf");

    private static final Set<String> ENFORCED = Set.of(
            "type",
            "enum",
            "const",
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "items",
            "prefixItems",
            "additionalItems",
            "minItems",
            "maxItems",
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "anyOf",
            "oneOf",
            "patternProperties");

    /// What a grammar has no way to say.
    static final Set<String> BEYOND = Set.of(
            "not",
            "if",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "propertyNames",
            "patternProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "contains",
            "uniqueItems",
            "$dynamicRef",
            "$recursiveRef");

    private SchemaKeywords() {}

    /// Whether the schema restricts anything.
    static boolean says(JsonNode schema) {
        for (var entry : schema.properties()) {
            if (ENFORCED.contains(entry.getKey()) || BEYOND.contains(entry.getKey())) {
                return true;
            }
        }
        return false;
    }
}
