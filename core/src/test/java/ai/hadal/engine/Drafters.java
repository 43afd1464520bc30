package ai.hadal.engine;

import java.util.Random;

/// Drafting for tests.
final class Drafters {

    private Drafters() {}

    /// Always takes the first offer, and so much of it.
    static DraftPolicy always(int length) {
        return (offers, most) -> offers.isEmpty() ? null : new DraftPolicy.Choice(0, Math.min(most, length));
    }

    /// Each draft is right with a probability.
    ///
    /// @param truth what the text will be
    static Drafter right(double probability, int[] truth, int vocabulary) {
        var random = new Random(1);
        return new Drafter() {
            @Override
            public Offer offer(Tokens text) {
                return new Offer(DraftKind.MTP, Integer.MAX_VALUE);
            }

            @Override
            public int[] draft(Tokens text, int length) {
                int[] drafts = new int[length];
                for (int i = 0; i < length; i++) {
                    int at = text.length() + i;
                    int next = at < truth.length ? truth[at] : 0;
                    drafts[i] = random.nextDouble() < probability ? next : (next + 1) % vocabulary;
                }
                return drafts;
            }
        };
    }
}
