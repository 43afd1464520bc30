package ai.hadal.backend.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The two products of attention over gathered entries: `src/main/c/attention.c` and its twin for ARM.
public final class NativeAttention {

    private static final int LANES = 16;

    private static final @Nullable NativeAttention KERNELS = open(NativeLibrary.instance());

    private final MethodHandle scores;
    private final MethodHandle values;

    private NativeAttention(MethodHandle scores, MethodHandle values) {
        this.scores = scores;
        this.values = values;
    }

    /// The kernels, or null where the machine lacks library or instruction.
    public static @Nullable NativeAttention instance() {
        return KERNELS;
    }

    private static @Nullable NativeAttention open(@Nullable NativeLibrary library) {
        if (library == null || !library.tier().attends) {
            return null;
        }
        var heap = Linker.Option.critical(true);
        return new NativeAttention(
                library.function(
                        "hadal_attention_scores",
                        FunctionDescriptor.ofVoid(
                                ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_FLOAT, ADDRESS),
                        heap),
                library.function(
                        "hadal_attention_values",
                        FunctionDescriptor.ofVoid(
                                ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                        heap));
    }

    /// Whether entries of this width can be multiplied here.
    public boolean serves(int width) {
        return width % LANES == 0;
    }

    /// Entries of `width` floats, the first `n` of `places` telling where in `data` they begin.
    public record Gathered(float[] data, int[] places, int n, int width) {

        private void check() {
            for (int e = 0; e < n; e++) {
                Objects.checkFromIndexSize(places[e], width, data.length);
            }
        }
    }

    /// `p[h * n + e] = (q[at + h * width ..] . entry e) * scale` for the heads `0 .. heads-1`.
    ///
    /// @throws IndexOutOfBoundsException for arrays that are too short
    public void scores(float[] q, int at, int heads, Gathered entries, float scale, float[] p) {
        entries.check();
        Objects.checkFromIndexSize(at, heads * entries.width, q.length);
        Objects.checkFromIndexSize(0, heads * entries.n, p.length);
        try {
            scores.invokeExact(
                    MemorySegment.ofArray(q).asSlice(4L * at),
                    MemorySegment.ofArray(entries.data),
                    MemorySegment.ofArray(entries.places),
                    entries.n,
                    heads,
                    (long) entries.width,
                    scale,
                    MemorySegment.ofArray(p));
        } catch (Throwable t) {
            throw new IllegalStateException("the native attention failed", t);
        }
    }

    /// `out[at + h * width ..] = (sum over e, ascending, of p[h * n + e] * entry e) * factors[h]`.
    ///
    /// @throws IndexOutOfBoundsException for arrays that are too short
    public void values(float[] p, float[] factors, int heads, Gathered entries, float[] out, int at) {
        entries.check();
        Objects.checkFromIndexSize(0, heads * entries.n, p.length);
        Objects.checkFromIndexSize(0, heads, factors.length);
        Objects.checkFromIndexSize(at, heads * entries.width, out.length);
        try {
            values.invokeExact(
                    MemorySegment.ofArray(p),
                    MemorySegment.ofArray(factors),
                    MemorySegment.ofArray(entries.data),
                    MemorySegment.ofArray(entries.places),
                    entries.n,
                    heads,
                    (long) entries.width,
                    MemorySegment.ofArray(out).asSlice(4L * at));
        } catch (Throwable t) {
            throw new IllegalStateException("the native attention failed", t);
        }
    }
}
