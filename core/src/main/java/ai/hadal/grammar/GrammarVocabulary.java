package ai.hadal.grammar;

import ai.hadal.tokenizer.Tokenizer;

/// A tokenizer's vocabulary, prepared once for any number of grammars; some ten megabytes for 129,280 tokens.
///
/// Ordinary tokens are their bytes. Added tokens (`<｜User｜>`, `<think>`, ...) have no text in a grammar; only
/// [Grammar#token] lets one in. Immutable, for any number of threads.
public final class GrammarVocabulary {

    private final Tokenizer tokenizer;
    private final TokenTrie trie;

    public GrammarVocabulary(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        trie = new TokenTrie(tokenizer);
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// The grammar ready for use on texts of these tokens.
    ///
    /// @throws ai.hadal.error.HadalException if the grammar uses a rule that is not defined, is
    ///     left-recursive, is too large, or if no text satisfies it
    public CompiledGrammar compile(Grammar grammar) {
        return new CompiledGrammar(Automaton.of(grammar), this);
    }

    TokenTrie trie() {
        return trie;
    }
}
