package ai.hadal.grammar;

import java.util.TreeMap;

/// Unites frames and stacks to one stack.
final class StackBuilder {

    private final Configurations configurations;
    private final TreeMap<Integer, Frame> frames = new TreeMap<>();
    private boolean bottom;

    StackBuilder(Configurations configurations) {
        this.configurations = configurations;
    }

    void add(Frame frame) {
        frames.put(frame.serial(), frame);
    }

    void addAll(Stack stack) {
        for (Frame frame : stack.frames) {
            add(frame);
        }
        bottom |= stack.bottom;
    }

    Stack build() {
        return configurations.intern(new Stack(frames.values().toArray(Frame[]::new), bottom));
    }
}
