package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;

/// Random choices of one episode: SplitMix64, whose numbers are the same on every machine.
public final class Draw {

    private long state;

    Draw(long seed) {
        state = seed;
    }

    /// A draw that depends on both numbers.
    public static Draw of(long seed, long index) {
        return new Draw(mix(seed * 0x9E3779B97F4A7C15L + index));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private long next() {
        state += 0x9E3779B97F4A7C15L;
        return mix(state);
    }

    /// An integer from `low` to `high`, both included.
    public int integer(int low, int high) {
        return low + (int) Math.floorMod(next() >>> 1, (long) high - low + 1);
    }

    /// True in `percent` of a hundred cases.
    boolean chance(int percent) {
        return integer(0, 99) < percent;
    }

    <T> T of(List<T> choices) {
        return choices.get(integer(0, choices.size() - 1));
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[integer(0, choices.length - 1)];
    }

    /// `count` different elements in random order.
    <T> List<T> some(List<T> choices, int count) {
        var rest = new ArrayList<>(choices);
        var chosen = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            chosen.add(rest.remove(integer(0, rest.size() - 1)));
        }
        return chosen;
    }
}
