package ai.hadal.chat;

import ai.hadal.grammar.CompiledGrammar;
import ai.hadal.grammar.GrammarVocabulary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The grammars of replies under some rules.
///
/// @param text any text that spells no marker
/// @param whole the whole reply behind the reasoning; null if it is text, with calls or without
/// @param calls the block of calls from behind its first marker on, if the text may end in one
/// @param openParameters whether parameters may have names that no schema knows
/// @param passedOver keywords of schemas that the grammars do not enforce
record ReplyGrammar(
        GrammarVocabulary vocabulary,
        ReplyTokens tokens,
        CompiledGrammar text,
        @Nullable CompiledGrammar whole,
        @Nullable CompiledGrammar calls,
        boolean openParameters,
        List<String> passedOver) {}
