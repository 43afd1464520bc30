package ai.hadal.engine;

import ai.hadal.engine.DraftPolicy.Choice;
import ai.hadal.engine.DraftPolicy.Time;
import ai.hadal.engine.Drafter.Offer;
import ai.hadal.model.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a session knows beyond its text: drafts of the next tokens, and the logits after those that a step has already
/// verified. A draft that turns out right saves a step; the first wrong one ends it.
final class Lookahead {

    private final List<Drafter> drafters;
    private final DraftPolicy policy;
    private final int longest;
    private @Nullable Drafts drafts;
    private long drafted;
    private long accepted;

    /// Drafts in flight.
    private static final class Drafts {

        final DraftKind kind;
        final int[] ids;
        final long preparing;
        final long drafting;

        /// Logits after the token before the drafts and after each draft; empty when they are only watched.
        float[][] rows = {};

        long step;

        /// How many were right so far.
        int right;

        Drafts(DraftKind kind, int[] ids, long preparing, long drafting) {
            this.kind = kind;
            this.ids = ids;
            this.preparing = preparing;
            this.drafting = drafting;
        }

        boolean verified() {
            return rows.length > 0;
        }
    }

    /// @param longest most tokens to draft
    Lookahead(List<Drafter> drafters, DraftPolicy policy, int longest) {
        this.drafters = drafters;
        this.policy = policy;
        this.longest = longest;
    }

    /// Tells of the text's next token. If it is the next draft and a step has verified it, returns the logits after it;
    /// otherwise null, and there is nothing ahead any more.
    float @Nullable [] next(int id) {
        var d = drafts;
        if (d == null) {
            return null;
        }
        if (d.right == d.ids.length) {
            end();
            return null;
        }
        boolean right = d.ids[d.right] == id;
        policy.seen(d.kind, d.right, right);
        if (!right) {
            end();
            return null;
        }
        d.right++;
        return d.verified() ? d.rows[d.right] : null;
    }

    /// Drafts that are worth verifying in the step of the text's newest token; may be none.
    ///
    /// @param most tokens that there is room for
    int[] draft(Tokens text, int most) {
        int room = Math.min(most, longest);
        if (room < 1 || drafters.isEmpty()) {
            return new int[0];
        }
        List<Drafter> offering = new ArrayList<>(drafters.size());
        List<Offer> offers = new ArrayList<>(drafters.size());
        for (var drafter : drafters) {
            var offer = drafter.offer(text);
            if (offer != null) {
                offering.add(drafter);
                offers.add(offer);
            }
        }
        Choice choice = policy.choose(offers, room);
        if (choice == null) {
            watch(text, offering, offers, room);
            return new int[0];
        }
        var drafter = offering.get(choice.offer());
        long start = System.nanoTime();
        drafter.prepare(text);
        long prepared = System.nanoTime();
        int[] ids = drafter.draft(text, choice.length());
        long end = System.nanoTime();
        drafts = new Drafts(offers.get(choice.offer()).kind(), ids, prepared - start, end - prepared);
        return ids;
    }

    /// Remembers drafts that cost nothing, to see whether they would have been right.
    private void watch(Tokens text, List<Drafter> offering, List<Offer> offers, int room) {
        for (int o = 0; o < offers.size() && drafts == null; o++) {
            var offer = offers.get(o);
            if (offer.kind().free) {
                int length = Math.min(room, offer.length());
                drafts = new Drafts(offer.kind(), offering.get(o).draft(text, length), 0, 0);
            }
        }
    }

    /// Tells of the step that [#draft] was asked for.
    ///
    /// @param rows its logits, one row more than there were drafts
    void verified(float[][] rows, long nanos) {
        if (rows.length == 1) {
            policy.plain(nanos);
            return;
        }
        var d = drafts;
        if (d == null || rows.length != d.ids.length + 1) {
            throw new IllegalStateException("a step of " + rows.length + " rows was not drafted here");
        }
        d.rows = rows;
        d.step = nanos;
        drafted += d.ids.length;
    }

    /// Ends what is in flight.
    void end() {
        var d = drafts;
        drafts = null;
        if (d != null && d.verified()) {
            accepted += d.right;
            policy.drafted(d.kind, d.ids.length, d.right + 1, new Time(d.preparing, d.drafting, d.step));
        }
    }

    /// Tells of a step of this session, as [Drafter#stepped].
    void stepped(Step step, int row, int tokens, int position) {
        for (var drafter : drafters) {
            drafter.stepped(step, row, tokens, position);
        }
    }

    /// Tells that only `length` tokens of the text remain.
    void truncated(int length) {
        for (var drafter : drafters) {
            drafter.truncated(length);
        }
    }

    /// Drafts that steps verified, since the session began.
    long drafted() {
        return drafted;
    }

    /// Those of them that became part of the text.
    long accepted() {
        return accepted;
    }
}
