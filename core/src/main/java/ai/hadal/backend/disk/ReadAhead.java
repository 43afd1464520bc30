package ai.hadal.backend.disk;

import ai.hadal.backend.topology.Placement;
import ai.hadal.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Reads weights of mapped files from disk before the computation comes to them.
///
/// ### Implementation note
/// A page fault reads one piece and waits for it, so a disk that could serve many requests at once serves one; and the
/// piece has neighbours in it that nobody wants. Here a thread of its own asks the system for exactly the weights of an
/// operation, in the order of their use, while the operation runs; a fault then finds its page there or on its way. The
/// thread stays at most a window of bytes ahead of the computation: a long prompt goes through more experts than the
/// page cache holds, and what is read too early is gone when it is needed. Weights of later operations come when there
/// is nothing else to read.
///
/// Pages are left to the system's own judgement otherwise. In particular they are not marked for random access, which
/// would stop the system from reading their neighbours at a fault: since Linux 6.3 that mark also makes it forget when
/// pages were last used, and recently used experts should stay.
public final class ReadAhead implements AutoCloseable {

    /// The way to the disk.
    interface Reader {
        /// Reads what of a part is not in memory, or has it read.
        ///
        /// @param streamed its neighbours are wanted as well
        void read(MemorySegment part, boolean streamed);
    }

    /// The weights of one operation, in the order of use.
    private static final class Plan {
        final MemorySegment[] parts;
        final int[] stages;
        final long[] begins;
        final boolean streamed;
        volatile int reached;

        Plan(List<List<Weight>> stages, boolean streamed) {
            this.streamed = streamed;
            var parts = new ArrayList<MemorySegment>();
            this.stages = new int[stages.size() + 1];
            for (int i = 0; i < stages.size(); i++) {
                this.stages[i] = parts.size();
                stages.get(i).forEach(weight -> addParts(weight, parts));
            }
            this.stages[stages.size()] = parts.size();
            this.parts = parts.toArray(MemorySegment[]::new);
            this.begins = new long[this.parts.length + 1];
            for (int i = 0; i < this.parts.length; i++) {
                begins[i + 1] = begins[i] + this.parts[i].byteSize();
            }
        }

        private static void addParts(Weight weight, List<MemorySegment> parts) {
            parts.add(weight.data());
            if (weight.scale() != null) {
                parts.add(weight.scale());
            }
        }

        long bytes() {
            return begins[parts.length];
        }

        /// Whether reading part `next` stays within the window.
        boolean mayRead(int next, long window) {
            int used = stages[reached];
            return next <= used || begins[next + 1] - begins[used] <= window;
        }
    }

    /// Parts that wait to be read for later operations; more mean that most of those operations are long over.
    private static final int MOST_HINTS = 1024;

    /// Share of the page cache that weights may take which are read and not used yet.
    private static final int WINDOW_SHARE = 8;

    private final Reader reader;
    private final Placement placement;
    private final long window;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Plan> later = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Plan current;
    private volatile boolean closed;

    /// @param window bytes that may be read and not used yet
    /// @param placement says on which nodes what is read comes to lie
    ReadAhead(Reader reader, long window, Placement placement) {
        this.reader = reader;
        this.placement = placement;
        this.window = window;
        this.thread = Thread.ofPlatform().name("hadal-read-ahead").daemon(true).unstarted(this::run);
        thread.start();
    }

    /// Starts reading ahead, or returns null where the system takes no advice.
    ///
    /// @param placement says on which nodes what is read comes to lie
    public static @Nullable ReadAhead start(Paging paging, Placement placement) {
        var advice = PageAdvice.open(paging.readsLargePieces());
        return advice == null ? null : new ReadAhead(advice, paging.cacheBytes() / WINDOW_SHARE, placement);
    }

    /// Announces weights that an operation will use some time soon. More than a window of them are ignored.
    public void expect(List<Weight> weights) {
        var plan = new Plan(List.of(weights), false);
        if (plan.bytes() <= window) {
            later.add(plan);
            LockSupport.unpark(thread);
        }
    }

    /// Announces the weights that the operation which now begins will use, stage by stage.
    ///
    /// @param streamed whether they are nearly all of those that lie around them in the file
    public void begin(List<List<Weight>> stages, boolean streamed) {
        current = new Plan(stages, streamed);
        LockSupport.unpark(thread);
    }

    /// Tells that the operation has come to a stage. May be called by any thread, often, and in any order.
    public void reached(int stage) {
        var plan = current;
        if (plan != null && stage > plan.reached) {
            plan.reached = stage;
            LockSupport.unpark(thread);
        }
    }

    /// Tells that the operation is over.
    public void end() {
        current = null;
    }

    private void run() {
        placement.interleaveMemory();
        var hints = new ArrayDeque<MemorySegment>();
        Plan plan = null;
        int next = 0;
        while (!closed) {
            var wanted = current;
            if (wanted != plan) {
                plan = wanted;
                next = 0;
            }
            var hint = later.poll();
            if (hint != null) {
                if (hints.size() > MOST_HINTS) {
                    hints.clear();
                }
                hints.addAll(List.of(hint.parts));
            }
            if (plan != null && next < plan.parts.length) {
                if (plan.mayRead(next, window)) {
                    reader.read(plan.parts[next++], plan.streamed);
                } else {
                    LockSupport.park(this);
                }
            } else if (!hints.isEmpty()) {
                reader.read(hints.remove(), false);
            } else if (hint == null) {
                LockSupport.park(this);
            }
        }
    }

    /// Stops, and returns when no weight is touched any more.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
