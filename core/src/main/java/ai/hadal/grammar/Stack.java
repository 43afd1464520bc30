package ai.hadal.grammar;

import org.jspecify.annotations.Nullable;

/// What may lie beneath a state: a set of return frames, each with what lies beneath it. Ways that reach a
/// rule at the same place share their future, so however ambiguous a grammar is, there are never more frames
/// than states times bytes (a graph-structured stack; Tomita, 1987). Equal stacks of one [Configurations] are
/// one object.
final class Stack {

    private static final Frame[] NO_FRAMES = {};

    /// Beneath the rule where recognition began.
    static final Stack BOTTOM = new Stack(NO_FRAMES, true);

    /// By serial.
    final Frame[] frames;

    /// Whether recognition began in this rule.
    final boolean bottom;

    private final int hash;

    /// Where the text goes on when the rule above is complete; kept by [Configurations#returned].
    @Nullable
    Configuration returned;

    Stack(Frame[] frames, boolean bottom) {
        this.frames = frames;
        this.bottom = bottom;
        int h = bottom ? 1 : 0;
        for (Frame frame : frames) {
            h = h * 31 + System.identityHashCode(frame);
        }
        hash = h;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // what lies beneath is one object where it is equal
    public boolean equals(Object other) {
        if (!(other instanceof Stack stack) || bottom != stack.bottom || frames.length != stack.frames.length) {
            return false;
        }
        for (int i = 0; i < frames.length; i++) {
            if (frames[i] != stack.frames[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
