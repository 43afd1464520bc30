package ai.hadal.chat;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.CompiledGrammar;
import ai.hadal.grammar.Gbnf;
import ai.hadal.grammar.Grammar;
import ai.hadal.grammar.GrammarVocabulary;
import ai.hadal.grammar.JsonSchemaGrammar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes constraints for the replies of one model. What was found out about some rules is kept and shared by
/// all replies under the same ones, so there should be one of these for each model. For any number of
/// threads.
public final class ReplyGrammars {

    private static final int KEPT = 64;

    private final GrammarVocabulary vocabulary;
    private final ReplyTokens tokens;
    private final CompiledGrammar text;
    private final Map<ReplyRules, ReplyGrammar> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ReplyRules, ReplyGrammar> eldest) {
            return size() > KEPT;
        }
    };

    /// @throws HadalException if the vocabulary lacks a token of the protocol
    public ReplyGrammars(GrammarVocabulary vocabulary) {
        this.vocabulary = vocabulary;
        tokens = ReplyTokens.of(vocabulary.tokenizer());
        text = vocabulary.compile(Grammar.textWithout(ReplyTokens.NEVER_SPELLED));
    }

    /// A constraint for one reply.
    ///
    /// @param reasoning whether the prompt ended with [Markers#THINK_START], see [ChatPrompt]
    /// @throws HadalException if the rules contradict themselves (a call is demanded where there are no
    ///     tools, or of an unknown tool), or if the schema of a tool or of the format can't be used
    public ReplyConstraint constraint(ReplyRules rules, boolean reasoning) {
        return constraints(rules, reasoning).get();
    }

    /// Constraints for any number of replies under the same rules, one each time it is asked.
    ///
    /// @param reasoning as in [#constraint]
    /// @throws HadalException as [#constraint], here and not later
    public Supplier<ReplyConstraint> constraints(ReplyRules rules, boolean reasoning) {
        ReplyGrammar grammar = grammar(rules);
        return () -> new ReplyConstraint(grammar, reasoning);
    }

    /// The keywords of JSON schemas that replies under these rules are not held to, each behind the name of its tool
    /// or `response_format`: `find#/properties/tags/uniqueItems`.
    ///
    /// @throws HadalException as [#constraint]
    public List<String> passedOver(ReplyRules rules) {
        return grammar(rules).passedOver();
    }

    ReplyGrammar grammar(ReplyRules rules) {
        synchronized (kept) {
            ReplyGrammar known = kept.get(rules);
            if (known != null) {
                return known;
            }
        }
        ReplyGrammar made = make(rules);
        synchronized (kept) {
            kept.put(rules, made);
        }
        return made;
    }

    private ReplyGrammar make(ReplyRules rules) {
        List<ToolDefinition> tools = tools(rules);
        var passedOver = new ArrayList<String>();
        Grammar format = format(rules.format(), passedOver);
        if (tools.isEmpty()) {
            return grammar(compiled(format), null, false, passedOver);
        }
        var calls = new ToolCallGrammar(tools, tokens);
        passedOver.addAll(calls.passedOver());
        boolean parallel = rules.parallelCalls();
        if (rules.mustCall()) {
            return grammar(compiled(calls.wholeBlock(parallel)), null, calls.isOpen(), calls.passedOver());
        }
        if (format == null) {
            return grammar(null, compiled(calls.block(parallel)), calls.isOpen(), passedOver);
        }
        Grammar either = Grammar.choice(List.of(calls.wholeBlock(parallel), format));
        return grammar(compiled(either), null, calls.isOpen(), passedOver);
    }

    private ReplyGrammar grammar(
            @Nullable CompiledGrammar whole,
            @Nullable CompiledGrammar calls,
            boolean openParameters,
            List<String> passedOver) {
        return new ReplyGrammar(vocabulary, tokens, text, whole, calls, openParameters, List.copyOf(passedOver));
    }

    private @Nullable CompiledGrammar compiled(@Nullable Grammar grammar) {
        return grammar == null ? null : vocabulary.compile(grammar);
    }

    /// The tools that may be called.
    private static List<ToolDefinition> tools(ReplyRules rules) {
        if (rules.mustCall() && rules.tools().isEmpty()) {
            throw new HadalException("a tool call is demanded, but there are no tools; define one");
        }
        if (rules.toolChoice() instanceof ToolChoice.Named(String name)) {
            List<ToolDefinition> named = rules.tools().stream()
                    .filter(tool -> ToolCallGrammar.name(tool).equals(name))
                    .toList();
            if (named.isEmpty()) {
                throw new HadalException(
                        "the tool choice names '%s', which is none of the tools; define it".formatted(name));
            }
            return named;
        }
        return rules.mayCall() ? rules.tools() : List.of();
    }

    private static @Nullable Grammar format(ReplyFormat format, List<String> passedOver) {
        Grammar grammar = switch (format) {
            case ReplyFormat.Text _ -> null;
            case ReplyFormat.JsonObject _ -> JsonSchemaGrammar.anyObject();
            case ReplyFormat.JsonSchema(var schema, var manner) -> {
                var described = new JsonSchemaGrammar("the schema of the response format", schema, manner);
                Grammar json = described.json();
                described.passedOver().forEach(keyword -> passedOver.add("response_format" + keyword));
                yield json;
            }
            case ReplyFormat.InGrammar(String gbnf) -> Gbnf.parse(gbnf);
        };
        for (String never : ReplyTokens.NEVER_SPELLED) {
            if (grammar != null && grammar.holds(never)) {
                throw new HadalException(
                        "the response format holds '%s', which no reply may spell; change it".formatted(never));
            }
        }
        return grammar;
    }
}
