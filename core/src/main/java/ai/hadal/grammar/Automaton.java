package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.util.List;

/// A compiled grammar: a network of states for each rule, whose edges are bytes, tokens and calls of other
/// rules.
///
/// @param root the rule that a text satisfies
/// @param nullable whether the empty text does
record Automaton(List<State> states, List<Entry> rules, int root, boolean nullable) {

    /// How a rule begins.
    ///
    /// @param rank callers come before those they call without having consumed anything
    /// @param first all states that the rule begins in
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(int rank, int[] first) {}

    /// @throws HadalException if the grammar uses a rule that is not defined, is left-recursive, is too
    ///     large, or if no text satisfies it
    static Automaton of(Grammar grammar) {
        return new AutomatonBuilder(grammar.root()).build();
    }

    State state(int index) {
        return states.get(index);
    }
}
