package ai.hadal.server.reply;

import ai.hadal.chat.Message;
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

    /// Gives a constraint for each choice of a conversation's answer: no reply leaks markup, calls fit their tools,
    /// text its format, and reasoning ends in time.
    ///
    /// @throws HadalException if the rules cannot be kept
    Supplier<TokenConstraint> of(ChatRequest request, boolean reasons) {
        boolean continues = !request.messages().isEmpty()
                && request.messages().getLast() instanceof Message.Assistant said
                && said.open();
        if (continues && !(request.format() instanceof Format.Free)) {
            throw new HadalException(
                    "an answer that continues a given text cannot have a format; leave one of them out");
        }
        var rules = new ReplyRules(
                request.tools(), request.toolChoice(), request.parallelToolCalls(), format(request.format()));
        replies.constraint(rules, reasons);
        return () -> {
            var reply = replies.constraint(rules, reasons);
            return reasons
                    ? TokenConstraint.both(reply, new ReasoningLimit(tokenizer, request.maxThinkingTokens(), true))
                    : reply;
        };
    }

    private static ReplyFormat format(Format format) {
        return switch (format) {
            case Format.Free _ -> new ReplyFormat.Text();
            case Format.JsonObject _ -> new ReplyFormat.JsonObject();
            case Format.JsonSchema(var schema, boolean strict) ->
                new ReplyFormat.JsonSchema(schema, strict ? Manner.STRICT : Manner.LENIENT);
            case Format.Gbnf(String grammar) -> new ReplyFormat.InGrammar(Gbnf.parse(grammar));
        };
    }

    /// Gives a constraint for each choice of a continued text; null if anything may follow.
    ///
    /// @throws HadalException if the format cannot be kept
    @Nullable
    Supplier<TokenConstraint> of(Format format) {
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
