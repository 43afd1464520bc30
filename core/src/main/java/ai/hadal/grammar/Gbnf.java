package ai.hadal.grammar;

/// Grammars in GBNF, the notation of llama.cpp:
///
/// ```
/// # a comment
/// root  ::= move (", " move)*
/// move  ::= [a-h] [1-8] "x"? [^ \n]{1,3} .
/// ```
///
/// A text satisfies the rule `root`. A rule ends with its line, except within parentheses and behind `|` and
/// `::=`. Repetitions are `*`, `+`, `?`, `{n}`, `{n,}` and `{n,m}`; `.` is any character. Behind a backslash
/// stand, in literals and classes, `n`, `r`, `t`, `\`, `"`, `[`, `]`, `-`, `^`, and a code point in
/// hexadecimal: `x` and two digits, `u` and four, or `U` and eight. Characters are Unicode's, whatever their
/// number of bytes.
public final class Gbnf {

    private Gbnf() {}

    /// Reads a grammar.
    ///
    /// @throws ai.hadal.error.HadalException if the text is not GBNF (naming line and column), uses a rule
    ///     that it does not define, is left-recursive, too large, or if nothing satisfies it
    public static Grammar parse(String text) {
        Grammar grammar = new GbnfParser(text).parse();
        Automaton.of(grammar);
        return grammar;
    }
}
