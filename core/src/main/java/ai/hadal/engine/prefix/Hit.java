package ai.hadal.engine.prefix;

import ai.hadal.model.SequenceState;

/// From where a text continues. Process its tokens from `state.length()` on.
///
/// @param state a sequence of the caller's own; it may still be [replaying][SequenceState#replaying], which
///     ends before the text does
/// @param cached tokens of the text that need not be processed, the state's length; 0: a new sequence
/// @param known tokens whose entries were known; more than `cached` for a replay
/// @param strategy how the windows come back
/// @param tier from where
public record Hit(SequenceState state, int cached, int known, Strategy strategy, Tier tier) {

    /// How a sequence gets its windows, see the report's on-disk storage of the KV cache.
    public enum Strategy {
        /// There is nothing to continue from.
        NONE,
        /// A snapshot held them (full and periodic caching).
        SNAPSHOT,
        /// The last tokens are processed again (zero caching).
        REPLAY
    }

    /// The slowest memory that a hit needed.
    public enum Tier {
        NONE,
        MEMORY,
        STORE
    }
}
