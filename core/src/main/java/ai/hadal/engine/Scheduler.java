package ai.hadal.engine;

import ai.hadal.engine.Batching.Failure;
import ai.hadal.engine.Batching.Read;
import ai.hadal.engine.RefusedException.Kind;
import ai.hadal.engine.SchedulerObserver.StepReport;
import ai.hadal.engine.prefix.Hit;
import ai.hadal.engine.prefix.PrefixCache;
import ai.hadal.error.HadalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Generates for many callers at once: every step extends all texts that can grow by a token and fills up
/// with pieces of prompts (continuous batching with chunked prefill). What shares a step changes no bit of
/// a result.
///
/// **Admission.** A request reserves the memory of its longest outcome before it starts, and waits until
/// there is that much; so nothing that runs is ever ended for want of memory. What could never fit is
/// refused at once.
///
/// **Fairness.** Requests are admitted and prompts are read by priority, then by tenant, least served
/// first, then by arrival. How many prompt tokens a step takes beside growing texts is chosen from the
/// measured speed of reading, so that these are held up by about [SchedulerOptions#stall] and no more.
///
/// **Readers.** A choice whose listener is not ready is left out of steps and keeps its memory; one that is
/// cancelled ends before the next step.
public final class Scheduler implements AutoCloseable {

    private final Engine engine;
    private final @Nullable PrefixCache cache;
    private final SchedulerOptions options;
    private final SchedulerObserver observer;
    private final Batching batching;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private final Admission admission;
    private long count;
    private boolean signalled;
    private boolean draining;
    private boolean closed;

    /// Requests whose prompt was looked up since.
    private final List<Loaded> loaded = new ArrayList<>();

    /// Requests whose prompt is being looked up.
    private int loading;

    /// Requests that run; touched by the scheduler's thread only.
    private final List<Job> running = new ArrayList<>();

    /// Tokens chosen after the last step; touched by the scheduler's thread only.
    private int chosen;

    private Scheduler(
            Engine engine, @Nullable PrefixCache cache, SchedulerOptions options, SchedulerObserver observer) {
        this.engine = engine;
        this.cache = cache;
        this.options = options;
        this.observer = observer;
        this.batching = new Batching(engine, options.stall());
        this.admission = new Admission(engine, options);
        this.thread = Thread.ofPlatform().name("hadal-scheduler").daemon().unstarted(this::run);
    }

    /// Starts a scheduler for an engine, which stays the caller's to close, after the scheduler.
    ///
    /// @param cache what prompts are looked up in and texts are kept in; null for none
    public static Scheduler start(
            Engine engine, @Nullable PrefixCache cache, SchedulerOptions options, SchedulerObserver observer) {
        var scheduler = new Scheduler(engine, cache, options, observer);
        scheduler.thread.start();
        return scheduler;
    }

    /// A request whose prompt was looked up.
    ///
    /// @param failure what went wrong instead of a hit
    private record Loaded(
            Job job, @Nullable Hit hit, @Nullable Throwable failure) {}

    /// What is going on.
    ///
    /// @param running choices that are worked on
    /// @param waiting requests that wait
    /// @param reservedBytes heap that the running ones may come to need
    public record Load(int running, int waiting, long reservedBytes) {}

    public Load load() {
        lock.lock();
        try {
            return admission.load();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it takes requests: until it is drained or closed.
    public boolean takesRequests() {
        lock.lock();
        try {
            return !draining && !closed;
        } finally {
            lock.unlock();
        }
    }

    public SchedulerOptions options() {
        return options;
    }

    /// Takes a request.
    ///
    /// @throws RefusedException if it cannot or may not be served; nothing was done then
    /// @throws HadalException if the request is wrong
    public Ticket submit(ScheduledRequest request) {
        long bytes = admission.requiredBytes(request);
        lock.lock();
        try {
            if (draining || closed) {
                throw new RefusedException(Kind.SHUTTING_DOWN, "the server is shutting down; try another or later");
            }
            var job = new Job(request, count, bytes, this::wake);
            admission.add(job);
            count++;
            signal();
            return job;
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more requests and waits until those taken have ended.
    ///
    /// @return whether they have; if not, the time was over
    public boolean drain(Duration most) throws InterruptedException {
        lock.lock();
        try {
            draining = true;
            long nanos = most.toNanos();
            while (!admission.isEmpty()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = idle.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Cancels what still runs and ends.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        lock.lock();
        try {
            signal();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        signalled = true;
        changed.signal();
    }

    private void run() {
        try {
            while (admit()) {
                endCancelled();
                if (!step()) {
                    awaitSignal();
                }
            }
        } catch (RuntimeException | Error e) {
            // Nobody may wait for ever for a scheduler that is gone.
            refuseMore();
            List.copyOf(running).forEach(job -> fail(job, e));
            throw e;
        } finally {
            endAll();
        }
    }

    private void refuseMore() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /// Starts what may start, and waits while nothing runs.
    ///
    /// @return false when the scheduler ends
    private boolean admit() {
        List<Job> cancelled = new ArrayList<>();
        List<Job> admitted = List.of();
        List<Loaded> found = List.of();
        lock.lock();
        try {
            while (!closed) {
                cancelled.addAll(admission.removeCancelled());
                admitted = admission.admit();
                found = List.copyOf(loaded);
                loaded.clear();
                if (!running.isEmpty() || !admitted.isEmpty() || !cancelled.isEmpty() || !found.isEmpty()) {
                    break;
                }
                awaitSignalLocked();
            }
            if (admission.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
        cancelled.forEach(Job::endedEarly);
        admitted.forEach(this::lookUp);
        found.forEach(this::start);
        return !isClosed();
    }

    /// Looks a prompt up in the cache, beside the steps: what it finds may be on disk.
    private void lookUp(Job job) {
        if (cache == null) {
            start(new Loaded(job, null, null));
            return;
        }
        loading++;
        Thread.startVirtualThread(() -> {
            Loaded result;
            try {
                result = new Loaded(job, cache.find(job.request().prompt()), null);
            } catch (RuntimeException | Error e) {
                result = new Loaded(job, null, e);
            }
            lock.lock();
            try {
                loaded.add(result);
                signal();
            } finally {
                lock.unlock();
            }
        });
    }

    private void start(Loaded found) {
        var job = found.job();
        if (cache != null) {
            loading--;
        }
        running.add(job);
        if (found.failure() != null) {
            fail(job, found.failure());
            return;
        }
        guarded(job, () -> {
            var hit = found.hit();
            if (hit == null) {
                job.start(engine.newSession(), 0);
            } else {
                int[] known = Arrays.copyOf(job.request().prompt(), hit.cached());
                job.start(new Session(engine, hit.state(), known, engine.newLookahead()), hit.cached());
            }
        });
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void awaitSignal() {
        lock.lock();
        try {
            awaitSignalLocked();
        } finally {
            lock.unlock();
        }
    }

    private void awaitSignalLocked() {
        while (!signalled) {
            changed.awaitUninterruptibly();
        }
        signalled = false;
    }

    private void endCancelled() {
        for (var job : List.copyOf(running)) {
            for (var strand : List.copyOf(job.strands())) {
                guarded(job, () -> {
                    if (strand.isCancelled()) {
                        cancel(strand);
                    }
                });
            }
        }
    }

    private void cancel(Strand strand) {
        if (strand.readsPrompt()) {
            retire(strand);
            end(strand.job());
            strand.job().endedEarly();
        } else {
            strand.cancel();
            finish(strand);
        }
    }

    /// One step of all that can take part.
    ///
    /// @return false if nothing can
    private boolean step() {
        var growing = new ArrayList<Strand>();
        var reading = new ArrayList<Strand>();
        for (var job : inOrder()) {
            guarded(
                    job,
                    () -> job.strands().stream()
                            .filter(Strand::isReady)
                            .forEach(strand -> (strand.readsPrompt() ? reading : growing).add(strand)));
        }
        if (growing.isEmpty() && reading.isEmpty()) {
            return running.isEmpty();
        }
        long start = System.nanoTime();
        var outcome = batching.step(growing, reading, this::boundary);
        outcome.failures().forEach(this::fail);
        choose(outcome.parts());
        chosen = 0;
        for (var part : outcome.parts()) {
            guarded(part.strand().job(), () -> advance(part));
        }
        observer.stepped(new StepReport(
                growing.size(), chosen, outcome.prefillTokens(), load().waiting(), System.nanoTime() - start));
        return true;
    }

    /// Chooses the next tokens of all texts that continue, on all threads: a choice goes through the whole
    /// vocabulary.
    private void choose(List<Read> parts) {
        var growing =
                parts.stream().filter(part -> !part.strand().readsPrompt()).toList();
        if (growing.size() < 2) {
            return;
        }
        engine.together(growing.size(), i -> {
            try {
                growing.get(i).strand().choose(growing.get(i).logits()[0]);
            } catch (RuntimeException | OutOfMemoryError _) {
                // To advance meets the same, where it is this request's alone.
            }
        });
    }

    /// Where a step that reads a prompt ends: where the cache wants to keep something at the latest.
    private int boundary(Strand strand, int from, int most) {
        var request = strand.job().request();
        int end = request.prompt().length;
        int boundary = cache == null ? end : cache.nextBoundary(from, request.boundaries(), end);
        return Math.min(most, boundary);
    }

    private List<Job> inOrder() {
        lock.lock();
        try {
            return running.stream().sorted(admission.order()).toList();
        } finally {
            lock.unlock();
        }
    }

    private void advance(Read part) {
        var strand = part.strand();
        var job = strand.job();
        if (!strand.readsPrompt()) {
            grew(strand, part.logits()[0]);
            return;
        }
        served(job, part.tokens());
        strand.wasRead();
        keepAtBoundary(strand);
        if (part.logits().length > 0) {
            job.branch(strand);
            for (var branch : List.copyOf(job.strands())) {
                branch.begin();
                grew(branch, part.logits()[0]);
            }
        }
    }

    private void grew(Strand strand, float[] logits) {
        if (!strand.ended()) {
            int tokens = strand.advance(logits);
            chosen += tokens;
            served(strand.job(), tokens);
        }
        if (strand.ended()) {
            finish(strand);
        }
    }

    /// Tokens of texts count, not drafts, whose number is up to the machine.
    private void served(Job job, int tokens) {
        lock.lock();
        try {
            admission.served(job, tokens);
        } finally {
            lock.unlock();
        }
    }

    private void finish(Strand strand) {
        var job = strand.job();
        retire(strand);
        var result = strand.finish();
        if (job.strands().size() == 1) {
            end(job);
        }
        job.ended(strand, result);
    }

    /// Keeps a prompt for others if it is read up to where those may part from it.
    private void keepAtBoundary(Strand strand) {
        int length = Math.toIntExact(strand.session().length());
        if (cache != null && boundary(strand, length - 1, Integer.MAX_VALUE) == length) {
            cache.keep(strand.session().ids(), strand.session().settled());
        }
    }

    /// The strand grows no more; what it computed stays of use.
    private void retire(Strand strand) {
        var state = strand.session().settled();
        if (cache != null && state.length() > 0) {
            cache.keep(strand.session().ids(), state);
        }
    }

    private void fail(Failure failure) {
        fail(failure.strand().job(), failure.cause());
    }

    private void fail(Job job, Throwable cause) {
        if (running.contains(job)) {
            end(job);
            job.failed(cause);
        }
    }

    /// Runs what concerns one request: a failure is that request's alone.
    private void guarded(Job job, Runnable work) {
        if (!running.contains(job)) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | OutOfMemoryError e) {
            fail(job, e);
        }
    }

    private void end(Job job) {
        running.remove(job);
        lock.lock();
        try {
            admission.ended(job);
            if (admission.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for prompts that are being looked up, so that their requests can be ended.
    private void endLoading() {
        while (loading > 0) {
            List<Loaded> found;
            lock.lock();
            try {
                while (loaded.isEmpty()) {
                    changed.awaitUninterruptibly();
                }
                found = List.copyOf(loaded);
                loaded.clear();
            } finally {
                lock.unlock();
            }
            for (var one : found) {
                loading--;
                running.add(one.job());
                end(one.job());
                one.job().endedEarly();
            }
        }
    }

    private void endAll() {
        List<Job> waiting;
        lock.lock();
        try {
            waiting = admission.removeAll();
        } finally {
            lock.unlock();
        }
        waiting.forEach(Job::endedEarly);
        endLoading();
        for (var job : List.copyOf(running)) {
            for (var strand : List.copyOf(job.strands())) {
                guarded(job, () -> cancel(strand));
            }
        }
    }
}
