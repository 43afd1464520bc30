package ai.hadal.server.telemetry;

import ai.hadal.engine.Scheduler;
import ai.hadal.engine.SchedulerObserver;
import ai.hadal.engine.prefix.PrefixCache;
import ai.hadal.server.http.RequestLog;
import ai.hadal.server.reply.Caller;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyObserver;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.Supplier;

/// Counts and times of everything that the server does, for Prometheus.
public final class Metrics implements SchedulerObserver, ReplyObserver, RequestLog {

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;
    private static final double[] SECONDS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300};
    private static final double[] TOKEN_SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
    private static final double[] BATCH = {1, 2, 4, 8, 16, 32, 64, 128};

    private final PrometheusRegistry registry;
    private final Counter requests;
    private final Histogram requestSeconds;
    private final Counter answers;
    private final Counter tokens;
    private final Histogram queueSeconds;
    private final Histogram firstTokenSeconds;
    private final Histogram tokenSeconds;
    private final Histogram stepSeconds;
    private final Histogram stepAnswers;

    public Metrics(PrometheusRegistry registry) {
        this.registry = registry;
        requests = Counter.builder()
                .name("hadal_http_requests")
                .help("HTTP requests that ended, by path and status.")
                .labelNames("path", "status")
                .register(registry);
        requestSeconds = seconds("hadal_http_request_seconds", "Time of HTTP requests.");
        answers = Counter.builder()
                .name("hadal_answers")
                .help("Answers that ended, by the reason why.")
                .labelNames("reason")
                .register(registry);
        tokens = Counter.builder()
                .name("hadal_tokens")
                .help("Tokens: of prompts, cached or computed, and of answers, reasoning or not.")
                .labelNames("kind")
                .register(registry);
        queueSeconds = seconds("hadal_queue_seconds", "Time from a request to its first step.");
        firstTokenSeconds = seconds("hadal_time_to_first_token_seconds", "Time from a request to its first token.");
        tokenSeconds = Histogram.builder()
                .name("hadal_time_per_output_token_seconds")
                .help("Time between the tokens of an answer, its mean.")
                .classicOnly()
                .classicUpperBounds(TOKEN_SECONDS)
                .register(registry);
        stepSeconds = seconds("hadal_step_seconds", "Time of the model's steps.");
        stepAnswers = Histogram.builder()
                .name("hadal_step_answers")
                .help("Answers that grew in one step.")
                .classicOnly()
                .classicUpperBounds(BATCH)
                .register(registry);
        gauge("hadal_heap_used_bytes", "Java heap in use, with what may be collected.", () -> {
            var runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        });
    }

    private Histogram seconds(String name, String help) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }

    /// Adds what can be asked of a scheduler at any time.
    public void watch(Supplier<Scheduler.Load> load) {
        gauge(
                "hadal_running_answers",
                "Answers that are worked on.",
                () -> load.get().running());
        gauge("hadal_waiting_requests", "Requests that wait.", () -> load.get().waiting());
        gauge(
                "hadal_reserved_bytes",
                "Heap that running answers may come to need.",
                () -> load.get().reservedBytes());
    }

    /// Adds what a prefix cache holds and did.
    public void watch(PrefixCache cache) {
        gauge(
                "hadal_cache_bytes",
                "Heap that cached prefixes take.",
                () -> cache.stats().bytes());
        CounterWithCallback.builder()
                .name("hadal_cache_lookups")
                .help("Prompts looked up in the prefix cache, by the slowest tier that answered and how.")
                .labelNames("tier", "strategy")
                .callback(callback -> {
                    var stats = cache.stats();
                    callback.call((double) stats.memory().snapshots(), "memory", "snapshot");
                    callback.call((double) stats.memory().replays(), "memory", "replay");
                    callback.call((double) stats.store().snapshots(), "disk", "snapshot");
                    callback.call((double) stats.store().replays(), "disk", "replay");
                    callback.call((double) stats.misses(), "none", "none");
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("hadal_cache_evictions")
                .help("Blocks of 128 tokens and snapshots that the prefix cache dropped from memory.")
                .labelNames("kind")
                .callback(callback -> {
                    var stats = cache.stats();
                    callback.call((double) stats.evictedBlocks(), "block");
                    callback.call((double) stats.evictedSnapshots(), "snapshot");
                })
                .register(registry);
    }

    /// Adds a value that can be asked at any time.
    public void gauge(String name, String help, Supplier<? extends Number> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.get().doubleValue()))
                .register(registry);
    }

    @Override
    public void stepped(StepReport step) {
        stepSeconds.observe(step.nanos() / NANOS);
        stepAnswers.observe(step.growing());
    }

    @Override
    public void answered(Caller caller, Finish finish) {
        var usage = finish.usage();
        var timings = finish.timings();
        answers.labelValues(finish.reason().name().toLowerCase(Locale.ROOT)).inc();
        tokens.labelValues("prompt_cached").inc(usage.cached());
        tokens.labelValues("prompt_computed").inc(usage.prompt() - usage.cached());
        tokens.labelValues("reasoning").inc(usage.reasoning());
        tokens.labelValues("answer").inc(usage.output() - usage.reasoning());
        queueSeconds.observe(timings.waited() / NANOS);
        if (usage.output() > 0) {
            firstTokenSeconds.observe((timings.waited() + timings.prefill()) / NANOS);
        }
        if (usage.output() > 1) {
            tokenSeconds.observe(timings.decode() / NANOS / (usage.output() - 1));
        }
    }

    @Override
    public void done(Entry entry) {
        requests.labelValues(entry.route(), Integer.toString(entry.status())).inc();
        requestSeconds.observe(entry.millis() / MILLIS);
    }

    PrometheusRegistry registry() {
        return registry;
    }
}
