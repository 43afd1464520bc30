package ai.hadal.grammar;

import java.util.List;

/// What a grammar is made of. Expressions are values but for [Rule]s, which may refer to themselves.
sealed interface Expression {

    /// These bytes.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Literal(byte[] bytes) implements Expression {}

    /// One character of the set, in UTF-8.
    record Characters(CodePoints set) implements Expression {}

    /// One token that stands for itself and has no bytes.
    record Token(int id) implements Expression {}

    record Sequence(List<Expression> parts) implements Expression {}

    /// One of them; with none to choose from it matches nothing at all.
    record Choice(List<Expression> alternatives) implements Expression {}

    /// @param max at least `min` and 1, or [#UNBOUNDED]
    record Repeat(Expression body, int min, int max) implements Expression {}

    /// Any text, possibly empty, in which none of these strings stands.
    record Without(List<String> strings) implements Expression {}

    record Call(Rule rule) implements Expression {}

    int UNBOUNDED = -1;

    Expression EMPTY = new Sequence(List.of());
    Expression NEVER = new Choice(List.of());

    static Expression text(String text) {
        return new Literal(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static Expression sequence(Expression... parts) {
        return new Sequence(List.of(parts));
    }

    static Expression choice(Expression... alternatives) {
        return new Choice(List.of(alternatives));
    }

    static Expression optional(Expression body) {
        return new Repeat(body, 0, 1);
    }

    static Expression any(Expression body) {
        return new Repeat(body, 0, UNBOUNDED);
    }

    /// As [Repeat], where a `max` of 0 is allowed too.
    static Expression repeat(Expression body, int min, int max) {
        return max == 0 ? EMPTY : new Repeat(body, min, max);
    }
}
