package ai.hadal.chat;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.Grammar;
import ai.hadal.grammar.JsonSchemaGrammar;
import ai.hadal.grammar.JsonSchemaGrammar.Manner;
import ai.hadal.grammar.JsonSchemaGrammar.Member;
import ai.hadal.grammar.JsonSchemaGrammar.Members;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The block of tool calls as a grammar (report, sections 16.3 and 17), with the tools' names and the
/// parameters of their schemas. A keyword of a schema that can't be enforced is passed over, and is an error if the
/// tool is `strict`.
final class ToolCallGrammar {

    /// With more parameters than this they come in the schema's order: the orders of n are 2^n rules.
    private static final int ANY_ORDER = 7;

    private static final Members NO_PARAMETERS = new Members(List.of(), null);

    private final Grammar marker;
    private final List<Grammar> invocations = new ArrayList<>();
    private final List<String> passedOver = new ArrayList<>();
    private boolean open;

    /// @throws HadalException if a tool's name or schema can't be used
    ToolCallGrammar(List<ToolDefinition> tools, ReplyTokens tokens) {
        marker = Grammar.token(tokens.dsml());
        Set<String> names = new HashSet<>();
        for (ToolDefinition tool : tools) {
            String name = name(tool);
            checkName("the name of the tool", name);
            if (!names.add(name)) {
                throw new HadalException("two tools are called '%s'; rename one".formatted(name));
            }
            invocations.add(invocation(name, parameters(name, tool.function())));
        }
    }

    static String name(ToolDefinition tool) {
        return tool.function().path("name").asString("");
    }

    /// Whether some tool takes parameters that its schema does not name.
    boolean isOpen() {
        return open;
    }

    /// The block from behind the first marker on.
    Grammar block(boolean parallel) {
        Grammar one = Grammar.choice(invocations).named("a tool call");
        Grammar more = Grammar.sequence(Grammar.text("\n"), one);
        return Grammar.sequence(
                Grammar.text("tool_calls" + DsmlGrammar.TAG_REST),
                one,
                parallel ? more.repeated(0) : Grammar.text(""),
                Grammar.text("\n</"),
                marker,
                Grammar.text("tool_calls>"));
    }

    /// The block with all that comes before it.
    Grammar wholeBlock(boolean parallel) {
        return Grammar.sequence(Grammar.text("\n\n<"), marker, block(parallel));
    }

    private static void checkName(String what, String name) {
        boolean bad = name.isEmpty()
                || name.contains("\"")
                || name.chars().anyMatch(Character::isISOControl)
                || ReplyTokens.NEVER_SPELLED.stream().anyMatch(name::contains);
        if (bad) {
            throw new HadalException(
                    "%s '%s' can't be written in a tool call; give it one without quotes, control characters and markers"
                            .formatted(what, name));
        }
    }

    /// The keywords that were passed over, each behind the name of its tool.
    List<String> passedOver() {
        return passedOver;
    }

    private Members parameters(String tool, JsonNode function) {
        JsonNode schema = function.path("parameters");
        if (schema.isMissingNode() || schema.isNull()) {
            return NO_PARAMETERS;
        }
        boolean strict = function.path("strict").asBoolean(false);
        var grammar = new JsonSchemaGrammar(
                "the parameters of the tool '" + tool + "'", schema, strict ? Manner.STRICT : Manner.LENIENT);
        Members members = grammar.members();
        grammar.passedOver().forEach(keyword -> passedOver.add(tool + keyword));
        return members;
    }

    private Grammar invocation(String name, Members parameters) {
        return Grammar.sequence(
                        Grammar.text("<"),
                        marker,
                        Grammar.text("invoke" + DsmlGrammar.NAME + name + "\"" + DsmlGrammar.TAG_REST),
                        parameters(name, parameters),
                        Grammar.text("</"),
                        marker,
                        Grammar.text("invoke>"))
                .named("a call of " + name);
    }

    private Grammar parameters(String tool, Members parameters) {
        List<Member> named = new ArrayList<>();
        List<Grammar> written = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Member member : parameters.named()) {
            checkName("the parameter of the tool '" + tool + "' called", member.name());
            names.add(member.name());
            Grammar grammar = parameter(Grammar.text(member.name()), member);
            checkSpelling(tool, grammar);
            if (!grammar.isEmpty()) {
                named.add(member);
                written.add(grammar.named(member.name()));
            }
        }
        Grammar others = others(names, parameters.others());
        Grammar all = named.size() <= ANY_ORDER
                ? anyOrder(named, written, others, 0, new HashMap<>())
                : inOrder(named, written, others);
        // The official encoding of no parameters is an empty line.
        return named.stream().anyMatch(Member::required) ? all : Grammar.choice(List.of(all, Grammar.text("\n")));
    }

    private static void checkSpelling(String tool, Grammar grammar) {
        for (String never : ReplyTokens.NEVER_SPELLED) {
            if (grammar.holds(never)) {
                throw new HadalException(
                        "a constant in the parameters of the tool '%s' holds '%s', which no reply may spell; change it"
                                .formatted(tool, never));
            }
        }
    }

    private Grammar others(List<String> names, @Nullable Member others) {
        if (others == null) {
            return Grammar.text("");
        }
        open = true;
        Grammar one =
                line(parameter(Grammar.nameOtherThan(names, "\""), others)).named("another parameter");
        return one.isEmpty() ? Grammar.text("") : one.repeated(0);
    }

    /// What may follow once the parameters of the set are written.
    private static Grammar anyOrder(
            List<Member> named, List<Grammar> written, Grammar others, int done, Map<Integer, Grammar> known) {
        Grammar found = known.get(done);
        if (found == null) {
            var ways = new ArrayList<Grammar>();
            boolean complete = true;
            for (int i = 0; i < named.size(); i++) {
                if ((done >> i & 1) == 0) {
                    complete &= !named.get(i).required();
                    ways.add(Grammar.sequence(
                            line(written.get(i)), anyOrder(named, written, others, done | 1 << i, known)));
                }
            }
            if (complete) {
                ways.add(others);
            }
            found = Grammar.choice(ways).named("parameters");
            known.put(done, found);
        }
        return found;
    }

    private static Grammar inOrder(List<Member> named, List<Grammar> written, Grammar others) {
        Grammar rest = others;
        for (int i = named.size() - 1; i >= 0; i--) {
            Grammar line = line(written.get(i));
            rest = Grammar.sequence(named.get(i).required() ? line : line.repeated(0, 1), rest)
                    .named("parameters");
        }
        return rest;
    }

    private static Grammar line(Grammar parameter) {
        return Grammar.sequence(parameter, Grammar.text("\n"));
    }

    private Grammar parameter(Grammar name, Member member) {
        var values = new ArrayList<Grammar>();
        if (!member.text().isEmpty()) {
            values.add(Grammar.sequence(Grammar.text(DsmlGrammar.STRING_TRUE), member.text()));
        }
        if (!member.json().isEmpty()) {
            values.add(Grammar.sequence(Grammar.text(DsmlGrammar.STRING_FALSE), member.json()));
        }
        return Grammar.sequence(
                Grammar.text("<"),
                marker,
                Grammar.text("parameter" + DsmlGrammar.NAME),
                name,
                Grammar.choice(values),
                Grammar.text("</"),
                marker,
                Grammar.text("parameter>"));
    }
}
