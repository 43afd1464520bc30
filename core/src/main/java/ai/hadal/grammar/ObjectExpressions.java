package ai.hadal.grammar;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.BooleanNode;

/// Objects of a schema: its members in their order, then others. Which others there may be is said by
/// `additionalProperties`; without it, none where the schema lists its members, and any where it doesn't.
final class ObjectExpressions {

    /// Names are looked at letter by letter where others are to differ from them.
    private static final int MAX_NAME = 256;

    private final SchemaCompiler compiler;
    private final SchemaDocument document;

    /// @param schemas what its value must satisfy
    record Member(String name, boolean required, List<Located> schemas) {}

    ObjectExpressions(SchemaCompiler compiler, SchemaDocument document) {
        this.compiler = compiler;
        this.document = document;
    }

    /// The members that the schema names.
    static List<Member> members(Schema schema) {
        var members = new ArrayList<Member>();
        schema.properties.forEach(
                (name, schemas) -> members.add(new Member(name, schema.required.contains(name), schemas)));
        for (String name : schema.required) {
            if (!schema.properties.containsKey(name)) {
                members.add(new Member(name, true, schema.additional == null ? List.of() : schema.additional));
            }
        }
        return members;
    }

    /// What the values of other members must satisfy; null if there are no others.
    @Nullable
    List<Located> others(Schema schema, List<Member> members) {
        List<Located> additional = schema.additional;
        if (!schema.patterned.isEmpty()) {
            return List.of();
        }
        if (additional == null) {
            return members.isEmpty() && !schema.listsMembers ? List.of() : null;
        }
        return additional.stream().anyMatch(other -> other.schema().equals(BooleanNode.FALSE)) ? null : additional;
    }

    Expression of(Schema schema, List<Located> plain) {
        List<Member> members = members(schema);
        List<Located> others = others(schema, members);
        boolean maybeEmpty = members.stream().noneMatch(Member::required);
        Expression other = null;
        if (others != null) {
            Expression value = compiler.value(SchemaCompiler.Form.JSON, others);
            other = Json.member(otherName(members, plain), value);
        }
        int max = schema.maxProperties;
        if (max != Expression.UNBOUNDED && (other != null || max < members.size())) {
            boolean counted = members.isEmpty() && max > 0;
            if (!counted && max > 0) {
                document.pass(plain.getFirst(), "maxProperties", "");
            } else if (max == 0) {
                return maybeEmpty ? Expression.text("{}") : Expression.NEVER;
            }
        }
        long required = members.stream().filter(Member::required).count();
        if (schema.minProperties > Math.max(required, 1)) {
            document.pass(plain.getFirst(), "minProperties", "");
        }
        int othersAtMost = members.isEmpty() ? max : Expression.UNBOUNDED;
        return braces(members, other, othersAtMost, maybeEmpty && schema.minProperties == 0);
    }

    private Expression braces(List<Member> members, @Nullable Expression other, int othersAtMost, boolean maybeEmpty) {
        var firsts = new ArrayList<Expression>();
        Expression rest = Expression.EMPTY;
        if (other != null) {
            int more = othersAtMost == Expression.UNBOUNDED ? othersAtMost : othersAtMost - 1;
            rest = new Rule("members", Expression.repeat(Expression.sequence(Json.COMMA, other), 0, more)).call();
            firsts.add(Expression.sequence(other, rest));
        }
        for (Member member : members.reversed()) {
            Expression one = new Rule(
                            member.name(),
                            Json.member(
                                    Expression.text(Json.quoted(member.name())),
                                    compiler.value(SchemaCompiler.Form.JSON, member.schemas())))
                    .call();
            if (member.required()) {
                firsts.clear();
            }
            firsts.add(Expression.sequence(one, rest));
            Expression next = Expression.sequence(Json.COMMA, one);
            rest = new Rule("members", Expression.sequence(member.required() ? next : Expression.optional(next), rest))
                    .call();
        }
        Expression filled = Json.braces("{", new Expression.Choice(firsts), "}", false);
        return maybeEmpty ? Expression.choice(Expression.text("{}"), filled) : filled;
    }

    /// A string that is none of the named members, however it might be escaped.
    private Expression otherName(List<Member> members, List<Located> plain) {
        if (members.isEmpty()) {
            return Json.STRING;
        }
        List<String> names = members.stream().map(Member::name).toList();
        checkNames(document, names, plain);
        return Expression.sequence(Expression.text("\""), OtherNames.of(names, Json.PLAIN), Expression.text("\""));
    }

    static void checkNames(SchemaDocument document, List<String> names, List<Located> plain) {
        for (String name : names) {
            document.spend(plain.getFirst().place(), name.length());
            if (name.length() > MAX_NAME) {
                throw document.fault(
                        plain.getFirst().place(),
                        "names a member of more than %d letters and allows others; shorten the name"
                                .formatted(MAX_NAME));
            }
        }
    }
}
