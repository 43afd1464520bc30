package ai.hadal.backend.cpu;

import ai.hadal.backend.topology.Placement;
import ai.hadal.backend.topology.Placement.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A fixed team of platform threads, the caller among them, that works through the tasks of one parallel region at
/// a time.
///
/// ### Implementation note
/// A decode step has hundreds of regions of a few hundred microseconds, so handing over by queue and lock would
/// cost more than the work of the small ones. Members spin on the current region for some ten microseconds, then
/// yield, then park; the caller wakes only those that parked. Tasks are taken from one counter and the caller waits
/// for tasks, not for members: one that the system takes away delays at most the task it holds. Regions whose work
/// is smaller than a hand-over are done by the caller alone. Which member runs a task never changes a result: tasks
/// write to disjoint places.
@SuppressWarnings("ThreadPriorityCheck") // yielding is a courtesy to other processes, never needed for progress
final class Team implements AutoCloseable {

    /// One task of a region.
    interface Task {
        /// Does the work.
        ///
        /// @param index the task, from 0
        /// @param scratch the member's own
        void run(int index, Scratch scratch);
    }

    private static final class Region {
        final int tasks;
        final Task task;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Region(int tasks, Task task) {
            this.tasks = tasks;
            this.task = task;
        }

        void work(Scratch scratch) {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        task.run(i, scratch);
                    }
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                } finally {
                    done.incrementAndGet();
                }
            }
        }
    }

    /// Elements of work below which a region is not worth handing over (some microseconds).
    private static final long SMALL = 16_384;

    /// The work of a task that is always worth handing over.
    static final long WORTHWHILE = SMALL;

    private static final int SPINS = 2_000;
    private static final int YIELDS = 1_000;

    private final Thread[] workers;
    private final List<CompletableFuture<Settled>> settled = new ArrayList<>();
    private final boolean[] parked;
    private final Scratch own = new Scratch();
    private volatile @Nullable Region current;
    private volatile boolean closed;

    /// @param threads members, the calling thread included; at least 1
    /// @param placement where the others stay; the calling thread is not the team's to bind
    Team(int threads, Placement placement) {
        workers = new Thread[threads - 1];
        parked = new boolean[workers.length];
        for (int i = 0; i < workers.length; i++) {
            int member = i;
            var place = new CompletableFuture<Settled>();
            settled.add(place);
            workers[i] = Thread.ofPlatform()
                    .name("hadal-cpu-" + (i + 1))
                    .daemon(true)
                    .unstarted(() -> {
                        place.complete(placement.settle(member + 1));
                        serve(member);
                    });
        }
        for (var worker : workers) {
            worker.start();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /// What the system let each of the team's own threads do; waits until they have asked.
    List<Settled> settled() {
        return settled.stream().map(CompletableFuture::join).toList();
    }

    /// Runs `task` for the indices `0 .. tasks-1` and returns when all are done; a failure of one is thrown here.
    ///
    /// @param work elements that one task reads or computes, roughly: decides whether the region is handed over
    void run(int tasks, long work, Task task) {
        if (tasks <= 1 || workers.length == 0 || tasks * work < SMALL) {
            for (int i = 0; i < tasks; i++) {
                task.run(i, own);
            }
            return;
        }
        var region = new Region(tasks, task);
        current = region;
        for (int i = 0; i < workers.length; i++) {
            if (isParked(i)) {
                LockSupport.unpark(workers[i]);
            }
        }
        region.work(own);
        for (int spins = 0; region.done.get() < tasks; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        var failure = region.failure.get();
        if (failure != null) {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }

    private synchronized boolean isParked(int member) {
        return parked[member];
    }

    private synchronized void setParked(int member, boolean value) {
        parked[member] = value;
    }

    private void serve(int member) {
        var scratch = new Scratch();
        Region done = null;
        while (!closed) {
            var region = await(member, done);
            if (region != null) {
                region.work(scratch);
                done = region;
            }
        }
    }

    /// The next region after `done`, or null when the team was closed.
    private @Nullable Region await(int member, @Nullable Region done) {
        for (int turn = 0; ; turn++) {
            var region = current;
            if (region != done) {
                return region;
            }
            if (closed) {
                return null;
            }
            if (turn < SPINS) {
                Thread.onSpinWait();
            } else if (turn < SPINS + YIELDS) {
                Thread.yield();
            } else {
                setParked(member, true);
                if (current == done && !closed) {
                    LockSupport.park(this);
                }
                setParked(member, false);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (var worker : workers) {
            LockSupport.unpark(worker);
        }
    }
}
