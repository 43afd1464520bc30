package ai.hadal.grammar;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// From the states that a byte led to, to the configuration after it: follows what costs nothing and returns
/// from rules that are complete. Calls are followed later ([Configurations]): a called rule consumes
/// something, so it is never complete in the same step.
final class Closure {

    private record Place(int state, int count, Stack stack) {}

    private final Configurations configurations;
    private final Automaton automaton;
    private final Set<Place> seen = new HashSet<>();
    private final Set<Frame> returned = new HashSet<>();
    private final ArrayDeque<Place> open = new ArrayDeque<>();
    /// Stacks by state and count.
    private final Map<Long, StackBuilder> kept = new TreeMap<>();

    private boolean complete;

    Closure(Configurations configurations, Automaton automaton) {
        this.configurations = configurations;
        this.automaton = automaton;
    }

    void add(int state, int count, Stack stack) {
        var place = new Place(state, count, stack);
        if (seen.add(place)) {
            open.add(place);
        }
    }

    /// The rule above the stack is complete.
    void complete(Stack stack) {
        complete |= stack.bottom;
        for (Frame frame : stack.frames) {
            if (returned.add(frame)) {
                add(frame.state(), frame.count(), frame.below());
            }
        }
    }

    Configuration finish() {
        while (!open.isEmpty()) {
            Place place = open.remove();
            State state = automaton.state(place.state);
            for (int e = 0; e < state.empty.size(); e++) {
                add(state.empty.get(e), 0, place.stack);
            }
            if (state.end) {
                complete(place.stack);
            }
            State.Loop loop = state.loop;
            if (loop != null && loop.mayEnd(place.count)) {
                add(loop.exit(), 0, place.stack);
            }
            boolean leads = !state.bytes.isEmpty() || !state.tokens.isEmpty() || !state.calls.isEmpty();
            if (leads || (loop != null && loop.mayRepeat(place.count))) {
                kept.computeIfAbsent(((long) place.state << 32) | place.count, _ -> new StackBuilder(configurations))
                        .addAll(place.stack);
            }
        }
        var states = new int[kept.size()];
        var counts = new int[states.length];
        var stacks = new Stack[states.length];
        int i = 0;
        for (var entry : kept.entrySet()) {
            states[i] = (int) (entry.getKey() >> 32);
            counts[i] = entry.getKey().intValue();
            stacks[i++] = entry.getValue().build();
        }
        return configurations.intern(new Configuration(states, counts, stacks, complete));
    }
}
