package ai.hadal.grammar;

import org.jspecify.annotations.Nullable;

/// A place inside a rule, and the ways on from it.
final class State {

    /// Lowest byte, highest byte and target of each edge.
    final Ints bytes = new Ints();
    /// Targets that cost nothing.
    final Ints empty = new Ints();
    /// Rule and target of each call; the rule consumes at least one byte or token, its empty text is an edge
    /// of `empty`.
    final Ints calls = new Ints();
    /// Token and target of each edge.
    final Ints tokens = new Ints();

    /// Where texts are counted, the state is one for each count.
    @Nullable
    Loop loop;

    /// The rule is complete here.
    boolean end;

    /// A counted repetition: the body is a rule of its own, and the count stands beside the state.
    ///
    /// @param max [Expression#UNBOUNDED] if there is none
    /// @param exit the state behind the repetition
    record Loop(int body, int min, int max, int exit) {

        boolean mayRepeat(int count) {
            return max == Expression.UNBOUNDED || count < max;
        }

        boolean mayEnd(int count) {
            return count >= min;
        }

        /// The count after one more; behind the minimum an unbounded loop needs none.
        int next(int count) {
            return max == Expression.UNBOUNDED ? Math.min(count + 1, min) : count + 1;
        }

        /// A count that allows the same texts of up to `horizon` bytes, so that what was computed for one
        /// count serves many.
        int representative(int count, int horizon) {
            if (count + horizon < min) {
                return 0;
            }
            if (count >= min && max != Expression.UNBOUNDED && count + horizon < max) {
                return min;
            }
            return count;
        }
    }
}
