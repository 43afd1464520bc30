package ai.hadal.engine;

import ai.hadal.error.HadalException;
import java.time.Duration;
import java.util.function.Consumer;

/// How a [Scheduler] shares the machine.
///
/// @param maxSequences most texts that grow in one step
/// @param maxWaiting most requests that wait; more are refused
/// @param maxRunningPerTenant most requests of one tenant that run at once; others of it wait
/// @param maxWaitingPerTenant most requests of one tenant that wait; more are refused
/// @param stall how long the prompts read in a step may hold up texts that grow in it, roughly
/// @param sequenceBytes heap for running sequences, see [MemoryPlan#sequenceBytes]
public record SchedulerOptions(
        int maxSequences,
        int maxWaiting,
        int maxRunningPerTenant,
        int maxWaitingPerTenant,
        Duration stall,
        long sequenceBytes) {

    /// 64 sequences, 256 waiting requests, tenants limited by nothing else, a quarter of a second.
    public static SchedulerOptions defaults(long sequenceBytes) {
        return new SchedulerOptions(64, 256, 64, 256, Duration.ofMillis(250), sequenceBytes);
    }

    public SchedulerOptions {
        require(maxSequences, "sequences in a step");
        require(maxRunningPerTenant, "running requests of a tenant");
        if (maxWaiting < 0 || maxWaitingPerTenant < 0) {
            throw new HadalException("the limit of waiting requests is " + Math.min(maxWaiting, maxWaitingPerTenant)
                    + "; it must be 0 or more");
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new HadalException("the longest stall is " + stall.toMillis() + " ms; it must be 1 or more");
        }
        if (sequenceBytes < 1) {
            throw new HadalException(
                    "the Java heap leaves no room for sequences; give it more (HADAL_JAVA_OPTS=-Xmx...) or a smaller"
                            + " cache");
        }
    }

    private static void require(int value, String name) {
        if (value < 1) {
            throw new HadalException("the limit of " + name + " is " + value + "; it must be 1 or more");
        }
    }

    public SchedulerOptions withMaxSequences(int most) {
        return with(copy -> copy.maxSequences = most);
    }

    public SchedulerOptions withMaxWaiting(int most) {
        return with(copy -> copy.maxWaiting = most);
    }

    /// @param running most that run at once
    /// @param waiting most that wait
    public SchedulerOptions withTenantLimits(int running, int waiting) {
        return with(copy -> {
            copy.maxRunningPerTenant = running;
            copy.maxWaitingPerTenant = waiting;
        });
    }

    public SchedulerOptions withStall(Duration stall) {
        return with(copy -> copy.stall = stall);
    }

    /// The components of a copy, to change some of them.
    private static final class Copy {
        private int maxSequences;
        private int maxWaiting;
        private int maxRunningPerTenant;
        private int maxWaitingPerTenant;
        private Duration stall;
        private long sequenceBytes;

        Copy(SchedulerOptions from) {
            maxSequences = from.maxSequences;
            maxWaiting = from.maxWaiting;
            maxRunningPerTenant = from.maxRunningPerTenant;
            maxWaitingPerTenant = from.maxWaitingPerTenant;
            stall = from.stall;
            sequenceBytes = from.sequenceBytes;
        }

        SchedulerOptions whole() {
            return new SchedulerOptions(
                    maxSequences, maxWaiting, maxRunningPerTenant, maxWaitingPerTenant, stall, sequenceBytes);
        }
    }

    private SchedulerOptions with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.whole();
    }
}
