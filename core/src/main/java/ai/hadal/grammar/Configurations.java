package ai.hadal.grammar;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Recognises byte by byte with all ways through the grammar at once, and remembers every step, so that a
/// configuration met again costs a look into a table. For one thread.
final class Configurations {

    /// Beyond any sensible grammar; the bound on one step's work.
    private static final int MAX_STATES = 20_000;

    private final Automaton automaton;
    private final Map<Frame, Frame> frames = new HashMap<>();
    private final Map<Stack, Stack> stacks = new HashMap<>();
    private final Map<Configuration, Configuration> configurations = new HashMap<>();
    private final int maxKept;
    private int serial;

    /// @param maxKept how many of a kind to remember. Memory is bounded by forgetting: what was handed out
    ///     stays valid, only the sharing is lost
    Configurations(Automaton automaton, int maxKept) {
        this.automaton = automaton;
        this.maxKept = maxKept;
    }

    /// Before the first byte.
    Configuration start() {
        var closure = new Closure(this, automaton);
        for (int state : automaton.rules().get(automaton.root()).first()) {
            closure.add(state, 0, Stack.BOTTOM);
        }
        return closure.finish();
    }

    /// These states with nothing known beneath.
    Configuration bare(int[] states, int[] counts) {
        var bottoms = new Stack[states.length];
        Arrays.fill(bottoms, Stack.BOTTOM);
        return intern(new Configuration(states, counts, bottoms, false));
    }

    /// After one more byte, 0 to 255.
    Configuration step(Configuration from, int b) {
        Configuration known = from.known(b);
        if (known != null) {
            return known;
        }
        var closure = new Closure(this, automaton);
        Configuration.Expansion open = expansion(from);
        for (int i = 0; i < open.states().length; i++) {
            Ints edges = automaton.state(open.states()[i]).bytes;
            for (int e = 0; e < edges.size(); e += 3) {
                if (b >= edges.get(e) && b <= edges.get(e + 1)) {
                    closure.add(edges.get(e + 2), 0, open.stacks()[i]);
                }
            }
        }
        Configuration next = closure.finish();
        from.keep(b, next);
        return next;
    }

    /// After a token that stands for itself.
    Configuration token(Configuration from, int id) {
        var closure = new Closure(this, automaton);
        Configuration.Expansion open = expansion(from);
        for (int i = 0; i < open.states().length; i++) {
            Ints edges = automaton.state(open.states()[i]).tokens;
            for (int e = 0; e < edges.size(); e += 2) {
                if (edges.get(e) == id) {
                    closure.add(edges.get(e + 1), 0, open.stacks()[i]);
                }
            }
        }
        return closure.finish();
    }

    /// The tokens that [#token] leads on with.
    int[] tokens(Configuration from) {
        var ids = new Ints();
        for (int index : expansion(from).states()) {
            Ints edges = automaton.state(index).tokens;
            for (int e = 0; e < edges.size(); e += 2) {
                ids.add(edges.get(e));
            }
        }
        return ids.toArray();
    }

    /// Where the text goes on once the rule above the stack is complete.
    Configuration returned(Stack stack) {
        Configuration known = stack.returned;
        if (known == null) {
            var closure = new Closure(this, automaton);
            closure.complete(stack);
            known = closure.finish();
            stack.returned = known;
        }
        return known;
    }

    List<Configuration.Part> parts(Configuration configuration) {
        List<Configuration.Part> known = configuration.parts;
        if (known == null) {
            Map<Stack, List<Integer>> byStack = new LinkedHashMap<>();
            for (int i = 0; i < configuration.states.length; i++) {
                byStack.computeIfAbsent(configuration.stacks[i], _ -> new ArrayList<>())
                        .add(i);
            }
            known = new ArrayList<>();
            for (var entry : byStack.entrySet()) {
                int[] states = entry.getValue().stream()
                        .mapToInt(i -> configuration.states[i])
                        .toArray();
                int[] counts = entry.getValue().stream()
                        .mapToInt(i -> configuration.counts[i])
                        .toArray();
                known.add(new Configuration.Part(states, counts, entry.getKey()));
            }
            configuration.parts = known;
        }
        return known;
    }

    private Configuration.Expansion expansion(Configuration configuration) {
        Configuration.Expansion known = configuration.expansion;
        if (known == null) {
            known = expand(configuration);
            configuration.expansion = known;
        }
        return known;
    }

    /// Follows calls. Rules are begun in the order of their ranks, so that all callers of a rule are known by
    /// then.
    private Configuration.Expansion expand(Configuration configuration) {
        var states = new Ints();
        var open = new ArrayList<Stack>();
        var called = new TreeMap<Integer, Callers>();
        for (int i = 0; i < configuration.states.length; i++) {
            leave(configuration.states[i], configuration.counts[i], configuration.stacks[i], states, open, called);
        }
        while (!called.isEmpty()) {
            Callers callers = called.pollFirstEntry().getValue();
            Stack stack = callers.returns.build();
            for (int state : automaton.rules().get(callers.rule).first()) {
                leave(state, 0, stack, states, open, called);
            }
        }
        return new Configuration.Expansion(states.toArray(), open.toArray(Stack[]::new));
    }

    private record Callers(int rule, StackBuilder returns) {}

    private void leave(int index, int count, Stack stack, Ints states, List<Stack> open, Map<Integer, Callers> called) {
        State state = automaton.state(index);
        if (!state.bytes.isEmpty() || !state.tokens.isEmpty()) {
            if (states.size() == MAX_STATES) {
                throw tooAmbiguous();
            }
            states.add(index);
            open.add(stack);
        }
        for (int c = 0; c < state.calls.size(); c += 2) {
            StackBuilder returns = callersOf(state.calls.get(c), called);
            int target = state.calls.get(c + 1);
            if (automaton.state(target).end) {
                // Nothing is left to do in the caller: the rule returns to where the caller would.
                returns.addAll(stack);
            } else {
                returns.add(frame(target, 0, stack));
            }
        }
        State.Loop loop = state.loop;
        if (loop != null && loop.mayRepeat(count)) {
            callersOf(loop.body(), called).add(frame(index, loop.next(count), stack));
        }
    }

    private StackBuilder callersOf(int rule, Map<Integer, Callers> called) {
        return called.computeIfAbsent(
                        automaton.rules().get(rule).rank(), _ -> new Callers(rule, new StackBuilder(this)))
                .returns;
    }

    static HadalException tooAmbiguous() {
        return new HadalException("the grammar can be read in more than %d ways at one place; make it less ambiguous"
                .formatted(MAX_STATES));
    }

    private Frame frame(int state, int count, Stack below) {
        var frame = new Frame(serial, state, count, below);
        Frame known = frames.putIfAbsent(frame, frame);
        if (known == null) {
            serial++;
            forgetIfMany(frames);
        }
        return known == null ? frame : known;
    }

    Stack intern(Stack stack) {
        if (stack.equals(Stack.BOTTOM)) {
            return Stack.BOTTOM;
        }
        Stack known = stacks.putIfAbsent(stack, stack);
        forgetIfMany(stacks);
        return known == null ? stack : known;
    }

    Configuration intern(Configuration configuration) {
        if (configuration.states.length > MAX_STATES) {
            throw tooAmbiguous();
        }
        Configuration known = configurations.putIfAbsent(configuration, configuration);
        forgetIfMany(configurations);
        return known == null ? configuration : known;
    }

    private void forgetIfMany(Map<?, ?> kept) {
        if (kept.size() > maxKept) {
            kept.clear();
        }
    }
}
