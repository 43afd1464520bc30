package ai.hadal.grammar;

import org.jspecify.annotations.Nullable;

/// Says token by token what a text may go on with. A constraint follows one text and is used by one
/// thread at a time.
public interface TokenConstraint {

    /// The ids that may come next; null if any may. Never empty unless the parts of [#both] exclude each
    /// other. Asked again without [#accept] in between, it answers the same.
    @Nullable
    TokenSet allowed();

    /// Tells which token came next.
    ///
    /// @param id one that [#allowed] holds
    /// @throws IllegalArgumentException if the constraint can't go on with this token
    void accept(int id);

    /// What both allow.
    static TokenConstraint both(TokenConstraint a, TokenConstraint b) {
        return new BothConstraints(a, b);
    }
}
