package ai.hadal.grammar;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Whether no value satisfies two alternatives of a `oneOf`, so that a choice among them is the same as an
/// `anyOf`. What can't be shown is not the case.
final class Disjointness {

    private static final int MAX_ALTERNATIVES = 64;
    private static final int MAX_DEPTH = 3;
    private static final int MAX_COMPARED = 5_000;

    private final SchemaDocument document;
    private int compared;

    Disjointness(SchemaDocument document) {
        this.document = document;
    }

    /// Passes over the keyword if two of its alternatives may overlap.
    void check(Located schema, Located alternatives) {
        int n = alternatives.schema().size();
        boolean shown = n <= MAX_ALTERNATIVES;
        for (int i = 0; i < n && shown; i++) {
            for (int j = 0; j < i && shown; j++) {
                shown = areDisjoint(List.of(alternatives.at(i)), List.of(alternatives.at(j)), MAX_DEPTH);
            }
        }
        if (!shown) {
            document.pass(schema, "oneOf", ", as its alternatives may overlap (write anyOf, or a constant in each)");
        }
    }

    private boolean areDisjoint(List<Located> one, List<Located> other, int depth) {
        if (++compared > MAX_COMPARED) {
            return false;
        }
        var a = new Schema(document, document.flatten(one));
        var b = new Schema(document, document.flatten(other));
        Set<JsonNode> values = a.values;
        Set<JsonNode> otherValues = b.values;
        if (values != null && otherValues != null) {
            return Collections.disjoint(values, otherValues);
        }
        Set<Schema.Type> common = EnumSet.copyOf(a.types);
        common.retainAll(b.types);
        if (common.isEmpty()) {
            return true;
        }
        if (!common.equals(Set.of(Schema.Type.OBJECT)) || depth == 0) {
            return false;
        }
        return forbids(a, b)
                || forbids(b, a)
                || a.required.stream()
                        .filter(b.required::contains)
                        .anyMatch(name -> areDisjoint(
                                a.properties.getOrDefault(name, List.of()),
                                b.properties.getOrDefault(name, List.of()),
                                depth - 1));
    }

    /// Whether one demands a member that the other does not have.
    private static boolean forbids(Schema demanding, Schema closed) {
        List<Located> additional = closed.additional;
        return additional != null
                && closed.patterned.isEmpty()
                && additional.stream()
                        .anyMatch(schema ->
                                schema.schema().isBoolean() && !schema.schema().booleanValue())
                && demanding.required.stream().anyMatch(name -> !closed.properties.containsKey(name));
    }
}
