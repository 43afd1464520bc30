package ai.hadal.grammar;

import org.jspecify.annotations.Nullable;

/// Two constraints on one text. The intersection is kept as long as both answer with the same sets.
final class BothConstraints implements TokenConstraint {

    private final TokenConstraint a;
    private final TokenConstraint b;

    private @Nullable TokenSet lastOfA;
    private @Nullable TokenSet lastOfB;
    private @Nullable TokenSet last;

    BothConstraints(TokenConstraint a, TokenConstraint b) {
        this.a = a;
        this.b = b;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // comparing bits is as dear as intersecting
    public @Nullable TokenSet allowed() {
        TokenSet ofA = a.allowed();
        TokenSet ofB = b.allowed();
        if (ofA == null || ofB == null) {
            return ofA == null ? ofB : ofA;
        }
        if (last == null || ofA != lastOfA || ofB != lastOfB) {
            lastOfA = ofA;
            lastOfB = ofB;
            last = ofA.and(ofB);
        }
        return last;
    }

    @Override
    public void accept(int id) {
        a.accept(id);
        b.accept(id);
    }
}
