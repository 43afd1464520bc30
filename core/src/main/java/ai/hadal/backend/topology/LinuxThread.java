package ai.hadal.backend.topology;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What Linux lets a thread say about itself, by calls of the C library. Containers may refuse each of them; what is
/// refused is left as it was.
///
/// ### Implementation note
/// The C library has no functions for memory policies, only the general `syscall`, and their numbers differ between
/// processors.
final class LinuxThread {

    /// Memory policies as the kernel numbers them.
    private static final int DEFAULT = 0;

    static final int INTERLEAVE = 3;
    private static final int WEIGHTED_INTERLEAVE = 6;

    /// The calls' numbers on a processor.
    private record Numbers(long setPolicy, long getPolicy) {}

    private static final class Once {
        static final @Nullable LinuxThread CALLS = open();
    }

    private final MethodHandle setAffinity;
    private final MethodHandle setPolicy;
    private final MethodHandle getPolicy;
    private final Numbers numbers;

    private LinuxThread(Linker linker, MemorySegment setAffinity, MemorySegment systemCall, Numbers numbers) {
        this.setAffinity =
                linker.downcallHandle(setAffinity, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
        var variadic = Linker.Option.firstVariadicArg(1);
        this.setPolicy = linker.downcallHandle(
                systemCall, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), variadic);
        this.getPolicy = linker.downcallHandle(
                systemCall,
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG),
                variadic);
        this.numbers = numbers;
    }

    private static @Nullable LinuxThread open() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return null;
        }
        var numbers = switch (System.getProperty("os.arch")) {
            case "amd64" -> new Numbers(238, 239);
            case "aarch64" -> new Numbers(237, 236);
            default -> null;
        };
        var linker = Linker.nativeLinker();
        var affinity = linker.defaultLookup().find("sched_setaffinity");
        var systemCall = linker.defaultLookup().find("syscall");
        if (numbers == null || affinity.isEmpty() || systemCall.isEmpty()) {
            return null;
        }
        try {
            return new LinuxThread(linker, affinity.get(), systemCall.get(), numbers);
        } catch (IllegalCallerException _) {
            // The JVM was told to allow no native calls.
            return null;
        }
    }

    /// Whether the calling thread runs on these processors only from now on.
    static boolean stayOn(List<Integer> processors) {
        var calls = Once.CALLS;
        if (calls == null) {
            return false;
        }
        try (var arena = Arena.ofConfined()) {
            var mask = mask(processors, 0, arena);
            return (int) calls.setAffinity.invokeExact(0, mask.byteSize(), mask) == 0;
        } catch (Throwable t) {
            throw new IllegalStateException("sched_setaffinity failed", t);
        }
    }

    /// Whether the calling thread's memory comes from these nodes in turn from now on, or from others by a policy that
    /// it had before.
    static boolean interleaveMemory(List<Integer> nodes) {
        var calls = Once.CALLS;
        int before = memoryPolicy();
        if (calls == null || before != DEFAULT) {
            return before == INTERLEAVE || before == WEIGHTED_INTERLEAVE;
        }
        try (var arena = Arena.ofConfined()) {
            // The kernel looks at one bit less than it is told of.
            var mask = mask(nodes, 1, arena);
            long done = (long)
                    calls.setPolicy.invokeExact(calls.numbers.setPolicy, (long) INTERLEAVE, mask, 8 * mask.byteSize());
            return done == 0;
        } catch (Throwable t) {
            throw new IllegalStateException("set_mempolicy failed", t);
        }
    }

    /// The number of the calling thread's policy, or -1 where the system does not tell.
    static int memoryPolicy() {
        var calls = Once.CALLS;
        if (calls == null) {
            return -1;
        }
        try (var arena = Arena.ofConfined()) {
            var policy = arena.allocate(JAVA_INT);
            long done = (long) calls.getPolicy.invokeExact(
                    calls.numbers.getPolicy, policy, MemorySegment.NULL, 0L, MemorySegment.NULL, 0L);
            return done == 0 ? policy.get(JAVA_INT, 0) : -1;
        } catch (Throwable t) {
            throw new IllegalStateException("get_mempolicy failed", t);
        }
    }

    /// Bits in words of 64, and some to spare.
    private static MemorySegment mask(List<Integer> bits, int spare, SegmentAllocator allocator) {
        int words = (Collections.max(bits) + spare) / Long.SIZE + 1;
        var mask = allocator.allocate(JAVA_LONG, words);
        for (int bit : bits) {
            int word = bit / Long.SIZE;
            mask.setAtIndex(JAVA_LONG, word, mask.getAtIndex(JAVA_LONG, word) | 1L << bit % Long.SIZE);
        }
        return mask;
    }
}
