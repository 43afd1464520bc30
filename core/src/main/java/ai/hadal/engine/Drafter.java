package ai.hadal.engine;

import ai.hadal.model.Step;
import org.jspecify.annotations.Nullable;

/// Guesses the next tokens of one text. Guesses may be wrong, and a drafter may forget: they decide how fast the text
/// grows, never what it says.
interface Drafter {

    /// What it could propose after `text`; null when nothing. Cheap, since most offers are not taken up.
    ///
    /// @param text the text with its newest token, which no step has processed yet
    @Nullable
    Offer offer(Tokens text);

    /// Catches up on the text, so that [#draft] takes as long as it does when it is called all the time.
    default void prepare(Tokens text) {}

    /// The drafts that it offered for this text, `length` of them or fewer.
    int[] draft(Tokens text, int length);

    /// Tells of a step that processed tokens of this text; the step is valid during the call only.
    ///
    /// @param row of the first of them in the step
    /// @param tokens how many
    /// @param position of the first of them in the text
    default void stepped(Step step, int row, int tokens, int position) {}

    /// Tells that only `length` tokens of the text remain.
    default void truncated(int length) {}

    /// What could be drafted.
    ///
    /// @param kind what its acceptance is counted under
    /// @param length most tokens, at least one
    record Offer(DraftKind kind, int length) {}
}
