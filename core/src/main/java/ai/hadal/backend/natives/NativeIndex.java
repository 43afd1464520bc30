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

/// Scores of FP4 index keys with the processor's 8-bit dot product: `src/main/c/index.c` (AVX-512 VNNI),
/// `index_neon.c`.
public final class NativeIndex {

    /// Components of a key.
    public static final int WIDTH = 128;

    private static final int KEYS = 16;
    private static final int GROUPS = 4;
    private static final int HEADS = 8;

    /// Bytes of a block of keys.
    private static final int BLOCK_BYTES = KEYS * (WIDTH / 2 + GROUPS);

    private static final @Nullable NativeIndex KERNELS = open(NativeLibrary.instance());

    private final MethodHandle scores;

    private NativeIndex(MethodHandle scores) {
        this.scores = scores;
    }

    /// The kernel, or null where the machine lacks library or instruction.
    public static @Nullable NativeIndex instance() {
        return KERNELS;
    }

    private static @Nullable NativeIndex open(@Nullable NativeLibrary library) {
        if (library == null || !library.tier().dots) {
            return null;
        }
        var types = FunctionDescriptor.ofVoid(
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                JAVA_FLOAT,
                JAVA_INT,
                JAVA_INT,
                ADDRESS,
                JAVA_LONG);
        return new NativeIndex(library.function("hadal_index_scores", types, Linker.Option.critical(true)));
    }

    /// Whether keys of this width and so many heads can be scored here.
    public boolean serves(int width, int heads) {
        return width == WIDTH && heads % HEADS == 0;
    }

    /// Queries as the kernel takes them.
    ///
    /// @param codes `[rows, heads, 128]`, twice the E2M1 values; of each eight those of even index first
    /// @param offsets `[rows, heads, 4]`, the sums of the codes of a group times -12
    /// @param scales `[rows, heads, 4]`, half of the groups' scales
    /// @param weights `[rows, heads]`
    /// @param scale of all weights
    public record Queries(byte[] codes, int[] offsets, float[] scales, float[] weights, float scale, int heads) {}

    /// `scores[to + r * stride + k]` = the score of key k of `blocks` blocks for row `row + r`.
    ///
    /// @param page keys side by side in blocks of 16, the first of them at `at`
    /// @throws IndexOutOfBoundsException for arrays that are too short
    public void scores(
            byte[] page, int at, int blocks, Queries queries, int row, int rows, float[] scores, int to, long stride) {
        int parts = queries.heads;
        Objects.checkFromIndexSize(at, blocks * BLOCK_BYTES, page.length);
        Objects.checkFromIndexSize((long) row * parts * WIDTH, (long) rows * parts * WIDTH, queries.codes.length);
        Objects.checkFromIndexSize(row * parts * GROUPS, rows * parts * GROUPS, queries.offsets.length);
        Objects.checkFromIndexSize(row * parts * GROUPS, rows * parts * GROUPS, queries.scales.length);
        Objects.checkFromIndexSize(row * parts, rows * parts, queries.weights.length);
        Objects.checkFromIndexSize(to, (rows - 1) * stride + (long) blocks * KEYS, scores.length);
        try {
            this.scores.invokeExact(
                    MemorySegment.ofArray(page).asSlice(at),
                    blocks,
                    MemorySegment.ofArray(queries.codes).asSlice((long) row * parts * WIDTH),
                    MemorySegment.ofArray(queries.offsets).asSlice(4L * row * parts * GROUPS),
                    MemorySegment.ofArray(queries.scales).asSlice(4L * row * parts * GROUPS),
                    MemorySegment.ofArray(queries.weights).asSlice(4L * row * parts),
                    queries.scale,
                    parts,
                    rows,
                    MemorySegment.ofArray(scores).asSlice(4L * to),
                    stride);
        } catch (Throwable t) {
            throw new IllegalStateException("the native scores failed", t);
        }
    }
}
