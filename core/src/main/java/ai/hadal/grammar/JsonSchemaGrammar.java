package ai.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A JSON schema as a grammar (drafts 4 to 2020-12): the JSON texts that satisfy it.
///
/// Members of objects come in the schema's order. Where `additionalProperties` is not said, an object has
/// other members only if the schema lists none. White space is what models write, and bounded. Numbers with
/// bounds are written without exponents. Enforced are `type`, `enum`, `const`, `properties`, `required`,
/// `additionalProperties`, `items`, `prefixItems`, `minItems`, `maxItems`, `minLength`, `maxLength`,
/// `pattern` as far as it is regular, the formats date, time, date-time, duration, uuid, email, hostname, ipv4,
/// ipv6 and uri, `minimum`, `maximum` and their exclusive forms, `multipleOf` small whole numbers and 0.1, 0.01 and
/// so on, `anyOf`, `oneOf`, `allOf`, and `$ref` within the document, to itself too.
public final class JsonSchemaGrammar {

    /// What to do about a keyword that restricts values in a way that a grammar can't.
    public enum Manner {
        /// It is an error.
        STRICT,
        /// It is passed over, see [#passedOver]; whoever needs it checks the finished text.
        LENIENT
    }

    /// A member that an object may have.
    ///
    /// @param text its value's strings, without quotes and escapes; empty ([Grammar#isEmpty]) if it has none
    /// @param json its other values, as JSON; empty if it has none
    public record Member(String name, boolean required, Grammar text, Grammar json) {}

    /// The members of an object.
    ///
    /// @param others what members of any other name have in common; null if there are none
    public record Members(List<Member> named, @Nullable Member others) {}

    private final SchemaDocument document;
    private final SchemaCompiler compiler;

    /// @param name what the schema is called in errors: "the JSON schema of the tool 'find'"
    /// @throws ai.hadal.error.HadalException if it is too large
    public JsonSchemaGrammar(String name, JsonNode schema, Manner manner) {
        document = new SchemaDocument(name, schema, manner == Manner.STRICT);
        compiler = new SchemaCompiler(document);
    }

    /// The keywords that were passed over so far, as JSON pointers in URI form: `#/properties/a/uniqueItems`.
    public List<String> passedOver() {
        return document.passedOver();
    }

    /// Any JSON object.
    public static Grammar anyObject() {
        return new Grammar(Json.OBJECT);
    }

    /// The JSON texts that satisfy the schema.
    ///
    /// @throws ai.hadal.error.HadalException if the schema is malformed, too large, refers outside itself or
    ///     to itself without end, if nothing satisfies it, or, in the strict manner, if it has a keyword that
    ///     can't be enforced
    public Grammar json() {
        Expression root = compiler.compile(SchemaCompiler.Form.JSON, List.of(document.root()));
        var grammar = new Grammar(root);
        if (grammar.isEmpty()) {
            throw document.fault("#", "is satisfied by nothing that ends; correct it");
        }
        return grammar;
    }

    /// The members of the objects that satisfy the schema, one by one. What only whole objects can satisfy, such as
    /// `anyOf`, can't be enforced here.
    ///
    /// @throws ai.hadal.error.HadalException as [#json]
    public Members members() {
        List<Located> flat = document.flatten(List.of(document.root()));
        var schema = new Schema(document, flat);
        if (!schema.allows(Schema.Type.OBJECT)) {
            throw document.fault("#", "does not describe an object; give it the type object");
        }
        List<ObjectExpressions.Member> members = ObjectExpressions.members(schema);
        var named = new ArrayList<Member>();
        for (ObjectExpressions.Member member : members) {
            Member made = member(member.name(), member.required(), member.schemas());
            if (made.required && made.text.isEmpty() && made.json.isEmpty()) {
                throw document.fault("#", "demands '%s', which no value satisfies; correct it".formatted(made.name));
            }
            named.add(made);
        }
        List<Located> others = new ObjectExpressions(compiler, document).others(schema, members);
        passOverWhole(schema, flat, others != null);
        if (others == null) {
            return new Members(List.copyOf(named), null);
        }
        ObjectExpressions.checkNames(
                document, members.stream().map(ObjectExpressions.Member::name).toList(), flat);
        return new Members(List.copyOf(named), member("", false, others));
    }

    /// What an object must satisfy as a whole is not seen by its members.
    private void passOverWhole(Schema schema, List<Located> flat, boolean open) {
        for (Located part : flat) {
            for (String keyword : List.of("anyOf", "oneOf", "enum", "const")) {
                if (part.has(keyword)) {
                    document.pass(part, keyword, " where members are written one by one");
                }
            }
            if (part.has("minProperties") && schema.minProperties > schema.required.size()) {
                document.pass(part, "minProperties", "");
            }
            if (part.has("maxProperties") && (open || schema.maxProperties < schema.properties.size())) {
                document.pass(part, "maxProperties", "");
            }
        }
    }

    private Member member(String name, boolean required, List<Located> schemas) {
        return new Member(
                name,
                required,
                new Grammar(compiler.compile(SchemaCompiler.Form.TEXT, schemas)),
                new Grammar(compiler.compile(SchemaCompiler.Form.JSON_BUT_STRINGS, schemas)));
    }
}
