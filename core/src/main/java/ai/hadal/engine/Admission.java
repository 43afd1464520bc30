package ai.hadal.engine;

import ai.hadal.engine.RefusedException.Kind;
import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which requests may run: those whose longest outcome has room beside all others'. Guarded by the scheduler's lock,
/// but for [#requiredBytes].
///
/// Waiting requests go by priority, then by tenant, least served first, then by arrival. One that must wait for room
/// lets none pass that needs less, or it would wait for ever; one whose tenant runs enough lets others pass.
final class Admission {

    private final Engine engine;
    private final SchedulerOptions options;
    private final Tenants tenants = new Tenants();
    private final List<Job> waiting = new ArrayList<>();
    private int running;
    private int choices;
    private long reserved;

    Admission(Engine engine, SchedulerOptions options) {
        this.engine = engine;
        this.options = options;
    }

    /// Bytes that a request takes at its longest.
    ///
    /// @throws RefusedException if they are more than there can be
    /// @throws HadalException if more answers are wanted than may grow together
    long requiredBytes(ScheduledRequest request) {
        int output = 0;
        for (var choice : request.choices()) {
            Generation.check(engine, choice.request());
            output = Math.max(output, choice.request().maxTokens());
        }
        int prompt = request.prompt().length;
        int answers = request.choices().size();
        if (answers > options.maxSequences()) {
            throw new HadalException(answers + " answers at once are more than the " + options.maxSequences()
                    + " texts that may grow together; ask for fewer");
        }
        output = Math.min(output, engine.contextLength() - prompt + 1);
        long bytes = MemoryPlan.requestBytes(engine.config(), engine.model().numerics(), prompt, output, answers);
        if (bytes > options.sequenceBytes()) {
            throw new RefusedException(
                    Kind.TOO_LARGE,
                    "a prompt of " + prompt + " tokens with " + answers + " x " + output + " new ones needs "
                            + mib(bytes) + " MiB, but there are " + mib(options.sequenceBytes())
                            + " MiB for sequences; shorten the prompt, lower the limit of new tokens or ask for fewer"
                            + " answers");
        }
        return bytes;
    }

    private static long mib(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }

    /// @throws RefusedException if too many wait already
    void add(Job job) {
        boolean startsAtOnce = waiting.isEmpty() && hasRoom(job);
        if (!startsAtOnce && tenants.waiting(job.tenant()) >= options.maxWaitingPerTenant()) {
            throw new RefusedException(
                    Kind.TENANT_LIMIT,
                    "as many requests of this client wait as may (" + options.maxWaitingPerTenant()
                            + "); try again when some have ended");
        }
        if (!startsAtOnce && waiting.size() >= options.maxWaiting()) {
            throw new RefusedException(
                    Kind.QUEUE_FULL, "as many requests wait as may (" + options.maxWaiting() + "); try again later");
        }
        tenants.waits(job.tenant());
        waiting.add(job);
    }

    private boolean hasRoom(Job job) {
        return reserved + job.reservedBytes() <= options.sequenceBytes()
                && choices + job.choices() <= options.maxSequences()
                && !tenantRunsEnough(job);
    }

    private boolean tenantRunsEnough(Job job) {
        return tenants.running(job.tenant()) >= options.maxRunningPerTenant();
    }

    /// Takes those out that wait no more.
    List<Job> removeCancelled() {
        return removeAll(waiting.stream().filter(Job::isGone).toList());
    }

    /// Takes all out that wait.
    List<Job> removeAll() {
        return removeAll(List.copyOf(waiting));
    }

    private List<Job> removeAll(List<Job> jobs) {
        waiting.removeAll(jobs);
        jobs.forEach(job -> tenants.leavesQueue(job.tenant()));
        return jobs;
    }

    /// Takes those out that may start now, and counts them as running.
    List<Job> admit() {
        var admitted = new ArrayList<Job>();
        waiting.sort(order());
        for (var job : List.copyOf(waiting)) {
            if (tenantRunsEnough(job)) {
                continue;
            }
            if (!hasRoom(job)) {
                break;
            }
            waiting.remove(job);
            tenants.runs(job.tenant());
            running++;
            choices += job.choices();
            reserved += job.reservedBytes();
            admitted.add(job);
        }
        return admitted;
    }

    /// A running request has ended.
    void ended(Job job) {
        running--;
        choices -= job.choices();
        reserved -= job.reservedBytes();
        tenants.ends(job.tenant());
    }

    /// Counts tokens processed for a running request.
    void served(Job job, int tokens) {
        tenants.serve(job.tenant(), tokens);
    }

    /// The order in which requests are served.
    Comparator<Job> order() {
        return Comparator.comparingInt(Job::priority)
                .thenComparingLong(job -> tenants.served(job.tenant()))
                .thenComparingLong(Job::number);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && running == 0;
    }

    Scheduler.Load load() {
        return new Scheduler.Load(choices, waiting.size(), reserved);
    }
}
