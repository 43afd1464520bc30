package ai.hadal.backend.natives;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.util.OptionalDouble;

/// How fast a thread multiplies 8-bit integers from registers with the dot product that [NativeInt8] uses:
/// `src/main/c/peak.c`, `peak_neon.c`.
public final class Int8Peak {

    private static final int RUNS = 8;
    private static final long ROUNDS = 2_000_000;

    private Int8Peak() {}

    /// Multiply-adds a second, times two, of the calling thread; the best of a few short runs. Empty where the
    /// processor has no such instruction, or nothing is in C.
    public static OptionalDouble measure() {
        var library = NativeLibrary.instance();
        if (library == null || !library.tier().dots) {
            return OptionalDouble.empty();
        }
        var loop = library.function("hadal_int8_peak", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        var size = library.function("hadal_int8_peak_round", FunctionDescriptor.of(JAVA_INT));
        try {
            int perRound = (int) size.invokeExact();
            double best = 0;
            for (int run = 0; run < RUNS; run++) {
                long start = System.nanoTime();
                int _ = (int) loop.invokeExact(ROUNDS);
                best = Math.max(best, 2.0 * perRound * ROUNDS * 1e9 / (System.nanoTime() - start));
            }
            return OptionalDouble.of(best);
        } catch (Throwable t) {
            throw new IllegalStateException("the loop of 8-bit products failed", t);
        }
    }
}
