package ai.hadal.grammar;

/// Where a rule returns to: a state with its count in the caller, and all that the caller itself returns to.
///
/// @param serial orders frames inside a [Stack]; equal frames of one [Configurations] are one object
record Frame(int serial, int state, int count, Stack below) {

    @Override
    @SuppressWarnings("ReferenceEquality") // what lies beneath is one object where it is equal
    public boolean equals(Object other) {
        return other instanceof Frame frame && state == frame.state && count == frame.count && below == frame.below;
    }

    @Override
    public int hashCode() {
        return (state * 31 + count) * 31 + System.identityHashCode(below);
    }
}
