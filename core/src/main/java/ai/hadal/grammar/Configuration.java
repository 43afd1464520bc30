package ai.hadal.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that a recogniser knows after some bytes: the states it may be in, each with a count and what lies
/// beneath. Equal configurations of one [Configurations] are one object, and keep what was found out about
/// them.
final class Configuration {

    /// Ascending by state, then count; a state with a count is there once.
    final int[] states;

    final int[] counts;
    final Stack[] stacks;

    /// Whether the text may end here.
    final boolean complete;

    private final int hash;

    /// The states that take bytes or tokens, those of called rules included; kept by [Configurations].
    @Nullable
    Expansion expansion;

    private byte[] knownBytes = {};
    private @Nullable Configuration[] known = {};

    /// The parts of it that have one stack; kept by [Configurations#parts].
    @Nullable
    List<Part> parts;

    /// Kept by [CompiledGrammar]: what this allows from some node of the tokens' trie on.
    final Map<Integer, PartialMask> masks = new HashMap<>(2);

    /// Some states that have one stack in common.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(int[] states, int[] counts, Stack stack) {}

    /// @param states those that take a byte or a token
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Expansion(int[] states, Stack[] stacks) {}

    Configuration(int[] states, int[] counts, Stack[] stacks, boolean complete) {
        this.states = states;
        this.counts = counts;
        this.stacks = stacks;
        this.complete = complete;
        int h = complete ? 1 : 0;
        for (int i = 0; i < states.length; i++) {
            h = ((h * 31 + states[i]) * 31 + counts[i]) * 31 + System.identityHashCode(stacks[i]);
        }
        hash = h;
    }

    /// Whether no text goes on like this.
    boolean isDead() {
        return states.length == 0 && !complete;
    }

    @Nullable
    Configuration known(int b) {
        if (knownBytes.length == 0 && known.length > 0) {
            return known[b];
        }
        for (int i = 0; i < knownBytes.length; i++) {
            if (knownBytes[i] == (byte) b) {
                return known[i];
            }
        }
        return null;
    }

    /// Keeps where a byte leads: the first few in a list, more in a table.
    void keep(int b, Configuration next) {
        if (known.length == 256) {
            known[b] = next;
        } else if (known.length < 8) {
            knownBytes = Arrays.copyOf(knownBytes, knownBytes.length + 1);
            known = Arrays.copyOf(known, known.length + 1);
            knownBytes[knownBytes.length - 1] = (byte) b;
            known[known.length - 1] = next;
        } else {
            var table = new @Nullable Configuration[256];
            for (int i = 0; i < knownBytes.length; i++) {
                table[knownBytes[i] & 0xFF] = known[i];
            }
            table[b] = next;
            known = table;
            knownBytes = new byte[0];
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // what lies beneath is one object where it is equal
    public boolean equals(Object other) {
        if (!(other instanceof Configuration that)
                || complete != that.complete
                || !Arrays.equals(states, that.states)
                || !Arrays.equals(counts, that.counts)) {
            return false;
        }
        for (int i = 0; i < stacks.length; i++) {
            if (stacks[i] != that.stacks[i]) {
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
