package ai.hadal.grammar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An expression with a name, which is defined after it was first used where it refers to itself.
final class Rule {

    private final String name;
    private @Nullable Expression body;

    /// @param name for errors
    Rule(String name) {
        this.name = name;
    }

    Rule(String name, Expression body) {
        this.name = name;
        this.body = body;
    }

    void define(Expression definition) {
        body = definition;
    }

    boolean isDefined() {
        return body != null;
    }

    String name() {
        return name;
    }

    Expression body() {
        return Objects.requireNonNull(body, name);
    }

    Expression call() {
        return new Expression.Call(this);
    }
}
