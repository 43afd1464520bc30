package ai.hadal.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// From schemas to expressions. Every schema that a part must satisfy becomes a rule, once; rules are written
/// one after the other from a queue, so neither recursion in the schema nor its depth is recursion here.
final class SchemaCompiler {

    /// What of a schema's values is wanted, and how strings are written.
    enum Form {
        JSON,
        JSON_BUT_STRINGS,
        TEXT
    }

    private static final int MAX_RULES = 10_000;

    private record Key(Form form, List<Located> schemas) {}

    private record Open(Rule rule, Key key) {}

    private final SchemaDocument document;
    private final Map<Key, Rule> rules = new HashMap<>();
    private final ArrayDeque<Open> open = new ArrayDeque<>();

    SchemaCompiler(SchemaDocument document) {
        this.document = document;
    }

    /// The values that satisfy all the schemas.
    Expression compile(Form form, List<Located> schemas) {
        Expression root = value(form, schemas);
        while (!open.isEmpty()) {
            Open next = open.remove();
            next.rule.define(body(next.key.form, next.key.schemas));
        }
        return root;
    }

    /// As [#compile], but what it refers to is written later.
    Expression value(Form form, List<Located> schemas) {
        List<Located> flat = document.flatten(schemas);
        if (flat.isEmpty() && form == Form.JSON) {
            return Json.VALUE;
        }
        var key = new Key(form, flat);
        Rule rule = rules.get(key);
        if (rule == null) {
            String place = flat.isEmpty() ? "#" : flat.getFirst().place();
            if (rules.size() == MAX_RULES) {
                throw document.fault(place, "needs more than %d rules; make it smaller".formatted(MAX_RULES));
            }
            rule = new Rule(place);
            rules.put(key, rule);
            open.add(new Open(rule, key));
        }
        return rule.call();
    }

    private Expression body(Form form, List<Located> flat) {
        for (Located schema : flat) {
            for (String keyword : SchemaKeywords.CHOICES) {
                if (schema.has(keyword)) {
                    return choice(form, flat, schema, keyword);
                }
            }
        }
        return new ValueExpressions(this, document).of(form, new Schema(document, flat), flat);
    }

    /// One of the alternatives, each together with everything else.
    private Expression choice(Form form, List<Located> flat, Located schema, String keyword) {
        Located alternatives = schema.at(keyword);
        if (!alternatives.schema().isArray()) {
            throw document.fault(alternatives.place(), "is not a list; correct the schema");
        }
        if (keyword.equals("oneOf") && document.isStrict()) {
            new Disjointness(document).check(schema, alternatives);
        }
        Located rest = document.without(schema, List.of(keyword));
        var ways = new ArrayList<Expression>();
        for (int i = 0; i < alternatives.schema().size(); i++) {
            var together = new ArrayList<Located>();
            for (Located other : flat) {
                together.add(other.equals(schema) ? rest : other);
            }
            together.add(alternatives.at(i));
            ways.add(value(form, together));
        }
        return new Expression.Choice(ways);
    }
}
