package ai.hadal.server.reply;

import ai.hadal.chat.ReasoningLimit;
import ai.hadal.chat.ReplyFormat;
import ai.hadal.chat.ReplyGrammars;
import ai.hadal.chat.ReplyRules;
import ai.hadal.error.HadalException;
import ai.hadal.grammar.Gbnf;
import ai.hadal.grammar.Grammar;
import ai.hadal.grammar.GrammarVocabulary;
import ai.hadal.grammar.JsonSchemaGrammar;
import ai.hadal.grammar.JsonSchemaGrammar.Manner;
import ai.hadal.grammar.TokenConstraint;
import ai.hadal.tokenizer.Tokenizer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What keeps answers to the rules of their requests. Rules that cannot be kept are refused before anything is
/// generated.
final class Constraints {

    private final Tokenizer tokenizer;
    private final GrammarVocabulary vocabulary;
    private final ReplyGrammars replies;

    Constraints(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.vocabulary = new GrammarVocabulary(tokenizer);
        this.replies = new ReplyGrammars(vocabulary);
    }

    /// Gives a constraint for each answer under some rules; null if anything may come. No reply leaks
    /// markup, calls fit their tools, text its format, and reasoning ends in time.
    ///
    /// @throws HadalException if the rules cannot be kept
    @Nullable
    Supplier<TokenConstraint> of(Rules rules) {
        return rules.chat() ? chat(rules) : text(rules.format());
    }

    /// The keywords of schemas that answers under some rules of a chat are not held to.
    ///
    /// @throws HadalException if the rules cannot be kept
    List<String> passedOver(Rules rules) {
        return replies.passedOver(reply(rules));
    }

    private static ReplyRules reply(Rules rules) {
        return new ReplyRules(rules.tools(), rules.toolChoice(), rules.parallelToolCalls(), format(rules.format()));
    }

    private Supplier<TokenConstraint> chat(Rules rules) {
        var constraints = replies.constraints(reply(rules), rules.reasons());
        return () -> rules.reasons()
                ? TokenConstraint.both(
                        constraints.get(), new ReasoningLimit(tokenizer, rules.maxThinkingTokens(), true))
                : constraints.get();
    }

    private static ReplyFormat format(Format format) {
        return switch (format) {
            case Format.Free _ -> new ReplyFormat.Text();
            case Format.JsonObject _ -> new ReplyFormat.JsonObject();
            case Format.JsonSchema(var schema, boolean strict) ->
                new ReplyFormat.JsonSchema(schema, strict ? Manner.STRICT : Manner.LENIENT);
            case Format.Gbnf(String grammar) -> new ReplyFormat.InGrammar(grammar);
        };
    }

    private @Nullable Supplier<TokenConstraint> text(Format format) {
        Grammar grammar = switch (format) {
            case Format.Free _ -> null;
            case Format.JsonObject _ -> JsonSchemaGrammar.anyObject();
            case Format.JsonSchema(var schema, boolean strict) ->
                new JsonSchemaGrammar("the JSON schema", schema, strict ? Manner.STRICT : Manner.LENIENT).json();
            case Format.Gbnf(String text) -> Gbnf.parse(text);
        };
        if (grammar == null) {
            return null;
        }
        var compiled = vocabulary.compile(grammar);
        return compiled::constraint;
    }
}
