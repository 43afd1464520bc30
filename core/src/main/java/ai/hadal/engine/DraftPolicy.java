package ai.hadal.engine;

import ai.hadal.engine.Drafter.Offer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides how many tokens to draft, and is told what came of it. Called by any thread.
interface DraftPolicy {

    /// Which offer to take and how much of it; null for none.
    ///
    /// @param offers what could be drafted
    /// @param most tokens that there is room for
    @Nullable
    Choice choose(List<Offer> offers, int most);

    /// Tells how long a step of one token took.
    default void plain(long nanos) {}

    /// Tells how long a step with drafts took.
    ///
    /// @param drafts verified together with the token before them
    /// @param tokens that the text grew by
    /// @param time what it took
    default void drafted(DraftKind kind, int drafts, int tokens, Time time) {}

    /// Tells whether the draft at an index, all before it being right, was right too.
    default void seen(DraftKind kind, int index, boolean right) {}

    /// Nanoseconds of a step with drafts.
    ///
    /// @param preparing a drafter that had not been asked for a while
    /// @param drafting the drafts
    /// @param step their verification
    record Time(long preparing, long drafting, long step) {}

    /// @param offer index of the offer
    /// @param length tokens to draft, at least one
    record Choice(int offer, int length) {}
}
