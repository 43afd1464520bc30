package ai.hadal.backend.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells the system about pages of mapped files, by `madvise` of the C library (Linux and macOS).
///
/// ### Implementation note
/// There are two ways. `MADV_WILLNEED` has exactly the pages read that are named, and does not wait for them. But it
/// brings them one by one, and for gigabytes a second the processor then has as much work with pages as with weights.
/// `MADV_POPULATE_READ` touches pages as a program would, so the system reads in its own pieces, with neighbours, into
/// large pages, for a tenth of that work; but it waits for each piece. So it serves where neighbours are wanted and the
/// pieces are large enough to keep a disk busy one at a time.
final class PageAdvice implements ReadAhead.Reader {

    /// The same number on both systems.
    private static final int WILL_NEED = 3;

    /// Linux 5.14 and later; others refuse it.
    private static final int POPULATE_READ = 22;

    /// Linux reads no more per call than the device's read-ahead or its largest request, whichever is larger; the
    /// former is this much unless somebody changed it.
    private static final long STEP = 128 << 10;

    private final MethodHandle advise;
    private final long pageBytes;
    private final boolean populates;

    private PageAdvice(MethodHandle advise, long pageBytes, boolean populates) {
        this.advise = advise;
        this.pageBytes = pageBytes;
        this.populates = populates;
    }

    /// The way to the system, or null where there is none.
    ///
    /// @param largePieces whether the system reads large pieces at a fault
    static @Nullable PageAdvice open(boolean largePieces) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean linux = system.startsWith("linux");
        if (!linux && !system.startsWith("mac")) {
            return null;
        }
        var linker = Linker.nativeLinker();
        var advise = linker.defaultLookup().find("madvise");
        var pageSize = linker.defaultLookup().find("getpagesize");
        if (advise.isEmpty() || pageSize.isEmpty()) {
            return null;
        }
        try {
            int bytes = (int) linker.downcallHandle(pageSize.get(), FunctionDescriptor.of(JAVA_INT))
                    .invokeExact();
            return new PageAdvice(
                    linker.downcallHandle(advise.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)),
                    bytes,
                    linux && largePieces);
        } catch (IllegalCallerException _) {
            // The JVM was told to allow no native calls.
            return null;
        } catch (Throwable t) {
            throw new IllegalStateException("getpagesize failed", t);
        }
    }

    @Override
    public void read(MemorySegment part, boolean streamed) {
        boolean done = streamed && populates && advise(begin(part), end(part) - begin(part), POPULATE_READ);
        if (!done) {
            willNeed(part);
        }
    }

    /// Has the system begin to read what of a part is not in memory. Returns when the reads are under way.
    private void willNeed(MemorySegment part) {
        long begin = begin(part);
        long end = end(part);
        for (long at = begin; at < end; at += STEP) {
            advise(at, Math.min(STEP, end - at), WILL_NEED);
        }
    }

    private long begin(MemorySegment part) {
        return part.address() / pageBytes * pageBytes;
    }

    private static long end(MemorySegment part) {
        return part.address() + part.byteSize();
    }

    /// Whether the system agreed. What it would rather not read is of no interest: the computation waits for it.
    private boolean advise(long address, long bytes, int advice) {
        try {
            return (int) advise.invokeExact(MemorySegment.ofAddress(address), bytes, advice) == 0;
        } catch (Throwable t) {
            throw new IllegalStateException("madvise failed", t);
        }
    }
}
