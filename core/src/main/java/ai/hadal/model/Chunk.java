package ai.hadal.model;

/// The next tokens of one sequence in a step: a piece of a prompt or one decoded token.
///
/// @param sequence the sequence to extend
/// @param ids its next tokens, at least one
/// @param logits for which of them logits are wanted
public record Chunk(SequenceState sequence, int[] ids, Logits logits) {

    /// Which rows of logits a step computes.
    public enum Logits {
        NONE,
        LAST,
        ALL
    }

    /// How many rows of logits a step computes for it.
    public int logitsRows() {
        return switch (logits) {
            case NONE -> 0;
            case LAST -> 1;
            case ALL -> ids.length;
        };
    }
}
