package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A JSON schema as a document: its limits, its references, and what is to be said about what it can't do.
final class SchemaDocument {

    private static final int MAX_DEPTH = 200;
    private static final int MAX_NODES = 50_000;
    private static final int MAX_CHAIN = 100;
    private static final int MAX_TOGETHER = 256;
    private static final long MAX_WORK = 500_000;

    /// References, and the conjunction, which need no place of their own in a grammar.
    private static final List<String> FLATTENED = List.of("$ref", "allOf");

    private final String name;
    private final SharedNodes nodes = new SharedNodes();
    private final JsonNode root;
    private final boolean strict;
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private final Set<String> passedOver = new LinkedHashSet<>();
    private long work;

    /// @param name what it is called in errors
    SchemaDocument(String name, JsonNode root, boolean strict) {
        this.name = name;
        this.strict = strict;
        checkSize(root);
        this.root = nodes.share(root);
        var open = new ArrayDeque<JsonNode>(List.of(this.root));
        while (!open.isEmpty()) {
            JsonNode node = open.remove();
            if (node.path("$anchor").isString()) {
                anchors.putIfAbsent(node.path("$anchor").stringValue(), node);
            }
            node.values().forEach(open::add);
        }
    }

    private void checkSize(JsonNode root) {
        record Open(JsonNode node, int depth) {}
        var open = new ArrayDeque<Open>();
        open.add(new Open(root, 0));
        int nodes = 0;
        while (!open.isEmpty()) {
            Open next = open.removeLast();
            if (next.depth > MAX_DEPTH) {
                throw fault("#", "is nested more than %d deep; make it flatter".formatted(MAX_DEPTH));
            }
            if (++nodes > MAX_NODES) {
                throw fault("#", "has more than %d parts; make it smaller".formatted(MAX_NODES));
            }
            next.node.values().forEach(child -> open.add(new Open(child, next.depth + 1)));
        }
    }

    Located root() {
        return new Located(root, "#");
    }

    boolean isStrict() {
        return strict;
    }

    HadalException fault(String place, String cause) {
        return new HadalException("%s, %s: it %s".formatted(name, place, cause));
    }

    /// Says that a keyword is not enforced: an error in the strict manner, else remembered.
    void pass(Located schema, String keyword, String reason) {
        if (strict) {
            throw new HadalException(
                    "%s, %s/%s: the keyword '%s' can't be enforced while the answer is written%s; leave it out or check the answer afterwards"
                            .formatted(name, schema.place(), keyword, keyword, reason));
        }
        passedOver.add(schema.place() + "/" + keyword);
    }

    /// The places of keywords that are not enforced.
    List<String> passedOver() {
        return List.copyOf(passedOver);
    }

    /// The schemas as plain ones: without references and conjunctions, those that say nothing left out. A
    /// schema that is false stays, as a boolean.
    List<Located> flatten(List<Located> schemas) {
        var flat = new LinkedHashSet<Located>();
        var done = new HashSet<Located>();
        for (Located schema : schemas) {
            flatten(schema, flat, new LinkedHashSet<>(), done);
        }
        if (flat.size() > MAX_TOGETHER) {
            throw fault(
                    schemas.getFirst().place(),
                    "joins more than %d schemas by allOf; write fewer".formatted(MAX_TOGETHER));
        }
        return new ArrayList<>(flat);
    }

    private void flatten(Located schema, Set<Located> flat, Set<String> references, Set<Located> done) {
        spend(schema.place(), 1);
        if (done.contains(schema)) {
            return;
        }
        if (schema.schema().isBoolean()) {
            if (!schema.schema().booleanValue()) {
                flat.add(schema);
            }
            return;
        }
        if (!schema.schema().isObject()) {
            throw fault(schema.place(), "is not a schema; write an object, true or false");
        }
        Located rest = without(schema, FLATTENED);
        if (SchemaKeywords.says(rest.schema())) {
            flat.add(rest);
        }
        if (schema.has("$ref")) {
            String reference = text(schema, "$ref");
            if (!references.add(reference)) {
                throw fault(
                        schema.place(),
                        "refers to itself through %s without end; let each turn add something".formatted(reference));
            }
            if (references.size() > MAX_CHAIN) {
                throw fault(
                        schema.place(), "begins a chain of more than %d references; shorten it".formatted(MAX_CHAIN));
            }
            flatten(resolve(schema.at("$ref"), reference), flat, references, done);
            references.remove(reference);
        }
        Located all = schema.at("allOf");
        for (int i = 0; i < all.schema().size(); i++) {
            flatten(all.at(i), flat, references, done);
        }
        done.add(schema);
    }

    /// Counts work, so that a small schema can't ask for much of it.
    void spend(String place, long units) {
        work += units;
        if (work > MAX_WORK) {
            throw fault(place, "takes too much work, as its parts are combined in too many ways; make it simpler");
        }
    }

    /// The schema without some of its keywords.
    Located without(Located schema, List<String> keywords) {
        if (keywords.stream().noneMatch(schema::has)) {
            return schema;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        schema.schema().properties().forEach(entry -> {
            if (!keywords.contains(entry.getKey())) {
                copy.set(entry.getKey(), entry.getValue());
            }
        });
        return new Located(nodes.share(copy), schema.place());
    }

    String text(Located schema, String keyword) {
        JsonNode value = schema.schema().path(keyword);
        if (!value.isString()) {
            throw fault(schema.place() + "/" + keyword, "is not a text; correct the schema");
        }
        return value.stringValue();
    }

    private Located resolve(Located reference, String target) {
        if (!target.startsWith("#")) {
            throw fault(
                    reference.place(),
                    "refers to '%s', which lies outside the schema; put it under $defs".formatted(target));
        }
        JsonNode found = null;
        try {
            String fragment = URI.create(target).getFragment();
            found = fragment.isEmpty() || fragment.startsWith("/")
                    ? root.at(JsonPointer.compile(fragment))
                    : anchors.get(fragment);
        } catch (IllegalArgumentException _) {
            // Reported below: nothing was found.
        }
        if (found == null || found.isMissingNode()) {
            throw fault(
                    reference.place(),
                    "refers to '%s', which the schema does not hold; correct the reference".formatted(target));
        }
        return new Located(found, target);
    }
}
