package ai.hadal.server;

import ai.hadal.engine.Scheduler;
import ai.hadal.engine.SchedulerObserver;
import ai.hadal.engine.SchedulerOptions;
import ai.hadal.engine.prefix.PrefixCache;
import ai.hadal.server.reply.ReplyService;
import ai.hadal.server.reply.WarmUp;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// When a server is ready: after a warm-up, with a scheduler and a cache of its own, of which nothing remains.
final class Readiness implements AutoCloseable {

    /// The cache is there for its code to be used.
    private static final long CACHE_BYTES = 16L << 20;

    private final CompletableFuture<Duration> ready = new CompletableFuture<>();
    private final ReplyService service;
    private final ServerConfig config;
    private final SchedulerOptions options;
    private final Consumer<String> warnings;
    private volatile @Nullable Scheduler scheduler;

    /// @param service of the server
    /// @param options of its scheduler
    /// @param warnings hears if the warm-up fails; the server is ready then too
    Readiness(ReplyService service, ServerConfig config, SchedulerOptions options, Consumer<String> warnings) {
        this.service = service;
        this.config = config;
        this.options = options;
        this.warnings = warnings;
    }

    /// Begins the warm-up, if there is to be one.
    void begin() {
        if (config.warmUp().isZero()) {
            ready.complete(Duration.ZERO);
            return;
        }
        var engine = service.engine();
        var begun = Scheduler.start(
                engine, new PrefixCache(engine.model(), CACHE_BYTES, null), options, SchedulerObserver.NONE);
        scheduler = begun;
        Thread.ofPlatform().name("hadal-warm-up").daemon().start(() -> warmUp(begun));
    }

    private void warmUp(Scheduler own) {
        long start = System.nanoTime();
        try (own) {
            WarmUp.run(service.aside(own), config.mode(), config.warmUp());
        } catch (RuntimeException e) {
            warnings.accept("the warm-up failed (" + e.getMessage() + "); the first answers may be slow");
        } finally {
            ready.complete(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    boolean isReady() {
        return ready.isDone();
    }

    /// Completed when the server is ready, with how long the warm-up took.
    CompletableFuture<Duration> when() {
        return ready.copy();
    }

    /// Ends a warm-up that still goes on.
    @Override
    public void close() {
        ready.cancel(false);
        var begun = scheduler;
        if (begun != null) {
            begun.close();
        }
    }
}
