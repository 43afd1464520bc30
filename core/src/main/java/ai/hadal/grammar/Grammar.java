package ai.hadal.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/// A context-free grammar over bytes, to which some tokens can belong as wholes. An immutable value, put
/// together from smaller ones here, or made by [Gbnf] or [JsonSchemaGrammar].
///
/// Nothing is checked before [GrammarVocabulary#compile].
public final class Grammar {

    private final Expression root;

    Grammar(Expression root) {
        this.root = root;
    }

    /// This text, in UTF-8.
    public static Grammar text(String text) {
        return new Grammar(Expression.text(text));
    }

    /// The token with this id, which has no bytes here: the only way for an added token into a text.
    public static Grammar token(int id) {
        return new Grammar(new Expression.Token(id));
    }

    /// Any text in UTF-8, possibly empty, in which none of the strings stands.
    ///
    /// @param strings none is empty
    public static Grammar textWithout(List<String> strings) {
        return new Grammar(new Expression.Without(List.copyOf(strings)));
    }

    /// Any text in UTF-8, at least one character long, of characters that are not among these, but none of
    /// the texts.
    public static Grammar nameOtherThan(List<String> names, String withoutCharacters) {
        CodePoints letters = CodePoints.of(withoutCharacters)
                .or(CodePoints.range(0, ' ' - 1))
                .not();
        return new Grammar(OtherNames.of(names, letters));
    }

    /// One behind the other.
    public static Grammar sequence(Grammar... parts) {
        return new Grammar(new Expression.Sequence(roots(Arrays.asList(parts))));
    }

    /// One of these; with an empty list a grammar that no text satisfies.
    public static Grammar choice(List<Grammar> alternatives) {
        return new Grammar(new Expression.Choice(roots(alternatives)));
    }

    /// From `min` to `max` times.
    ///
    /// @param max at least `min`
    public Grammar repeated(int min, int max) {
        return new Grammar(Expression.repeat(root, min, max));
    }

    /// `min` times or more.
    public Grammar repeated(int min) {
        return new Grammar(new Expression.Repeat(root, min, Expression.UNBOUNDED));
    }

    /// The same language as a rule of its own, so that a grammar that uses it in many places holds it once.
    public Grammar named(String name) {
        return new Grammar(new Rule(name, root).call());
    }

    /// Whether no text at all satisfies it.
    public boolean isEmpty() {
        return !new Productivity(root).isProductive(root);
    }

    /// Whether one of its fixed pieces of text holds this string.
    public boolean holds(String text) {
        var seen = new HashSet<Rule>();
        var open = new ArrayDeque<Expression>();
        open.add(root);
        while (!open.isEmpty()) {
            switch (open.remove()) {
                case Expression.Literal(byte[] bytes) -> {
                    if (new String(bytes, StandardCharsets.UTF_8).contains(text)) {
                        return true;
                    }
                }
                case Expression.Sequence(List<Expression> parts) -> open.addAll(parts);
                case Expression.Choice(List<Expression> alternatives) -> open.addAll(alternatives);
                case Expression.Repeat repeat -> open.add(repeat.body());
                case Expression.Call(Rule rule) -> {
                    if (seen.add(rule)) {
                        open.add(rule.body());
                    }
                }
                case Expression.Characters _, Expression.Token _, Expression.Without _ -> {}
            }
        }
        return false;
    }

    Expression root() {
        return root;
    }

    private static List<Expression> roots(List<Grammar> grammars) {
        return grammars.stream().map(Grammar::root).toList();
    }
}
