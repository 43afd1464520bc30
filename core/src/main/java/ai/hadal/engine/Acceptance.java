package ai.hadal.engine;

import ai.hadal.model.SequenceState;

/// How often drafts of a kind are right, each given that those before it were: what was seen lately, and at first what
/// is expected of the kind.
final class Acceptance {

    /// What one more observation leaves of the older ones' weight: some twenty count.
    private static final double MEMORY = 0.95;

    /// Observations that the expectation counts for.
    private static final double PRIOR = 2;

    private static final double FADED = 0.25;

    private final DraftKind kind;
    private final double[] right = new double[SequenceState.MOST_DRAFTS];
    private final double[] all = new double[SequenceState.MOST_DRAFTS];

    Acceptance(DraftKind kind) {
        this.kind = kind;
    }

    void seen(int index, boolean wasRight) {
        right[index] = right[index] * MEMORY + (wasRight ? 1 : 0);
        all[index] = all[index] * MEMORY + 1;
    }

    /// Lets what was seen count for less, when it was seen long ago.
    void fade() {
        for (int i = 0; i < all.length; i++) {
            right[i] *= FADED;
            all[i] *= FADED;
        }
    }

    /// Tokens that a step with so many drafts is expected to give, for every number of drafts up to `most`.
    double[] tokens(int most) {
        double[] tokens = new double[most + 1];
        tokens[0] = 1;
        double reached = 1;
        double share = kind.expected;
        for (int i = 0; i < most; i++) {
            double expected = i == 0 ? share : share * kind.decay;
            share = (right[i] + PRIOR * expected) / (all[i] + PRIOR);
            reached *= share;
            tokens[i + 1] = tokens[i] + reached;
        }
        return tokens;
    }
}
