package ai.hadal.grammar;

import tools.jackson.databind.JsonNode;

/// A part of a schema and where it stands, as a JSON pointer. Where it stands makes no difference to what it
/// says.
///
/// @param schema equal ones are one object ([SharedNodes])
record Located(JsonNode schema, String place) {

    Located at(String key) {
        return new Located(
                schema.path(key), place + "/" + key.replace("~", "~0").replace("/", "~1"));
    }

    Located at(int index) {
        return new Located(schema.path(index), place + "/" + index);
    }

    boolean has(String key) {
        return schema.has(key);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // equal schemas are one object
    public boolean equals(Object other) {
        return other instanceof Located located && schema == located.schema;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(schema);
    }
}
