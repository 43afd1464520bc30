package ai.hadal.server;

import ai.hadal.engine.DiskTier;
import ai.hadal.engine.Engine;
import ai.hadal.engine.MemoryPlan;
import ai.hadal.engine.Scheduler;
import ai.hadal.engine.SchedulerOptions;
import ai.hadal.engine.prefix.PrefixCache;
import ai.hadal.error.HadalException;
import ai.hadal.model.SequenceSize;
import ai.hadal.server.connection.Connections;
import ai.hadal.server.http.ApiKeys;
import ai.hadal.server.http.Gate;
import ai.hadal.server.http.Origins;
import ai.hadal.server.http.RequestLog;
import ai.hadal.server.operations.LoadMeter;
import ai.hadal.server.operations.Status;
import ai.hadal.server.reply.Quotas;
import ai.hadal.server.reply.ReplyObserver;
import ai.hadal.server.reply.ReplyService;
import ai.hadal.server.telemetry.AuditFile;
import ai.hadal.server.telemetry.FlightRecorder;
import ai.hadal.server.telemetry.Metrics;
import ai.hadal.server.telemetry.Tracing;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A model behind an address: the APIs of OpenAI, Anthropic and DeepSeek, and a page to chat with it. The
/// engine stays the caller's to close, after the server.
public final class HadalServer implements AutoCloseable {

    /// For telling clients that the server ends.
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final ServerConfig config;
    private final Scheduler scheduler;
    private final WebServer web;
    private final Readiness readiness;
    private final Opened opened;

    /// @param opened closes what it uses besides
    private HadalServer(
            ServerConfig config,
            Scheduler scheduler,
            ReplyService service,
            Quotas quotas,
            PrefixCache cache,
            LoadMeter meter,
            Metrics metrics,
            RequestLog log,
            Readiness readiness,
            Opened opened) {
        this.config = config;
        this.scheduler = scheduler;
        this.readiness = readiness;
        this.opened = opened;
        var gate = new Gate(
                new ApiKeys(config.apiKeys()),
                new Origins(config.corsOrigins(), trustsThisMachine(config)),
                config.limits().maxBodyBytes(),
                quotas,
                RequestLog.both(metrics, log));
        var status = new Status(config.modelName(), service, cache, meter, readiness::isReady);
        var routes = new Routes(config, gate, service, status, metrics);
        this.web = webServer(config, routes);
    }

    /// Starts a server. It answers from then on, and says that it is ready after its [warm-up][ServerConfig#warmUp].
    ///
    /// @param log hears of every request
    /// @param warnings takes sentences about what is wrong but stops nothing
    /// @throws HadalException if the address is taken or none, a file of the certificate is missing, the model has
    ///     no tokenizer, or memory is short; what was opened is closed again then
    public static HadalServer start(Engine engine, ServerConfig config, RequestLog log, Consumer<String> warnings) {
        var opened = new Opened();
        try {
            return start(engine, config, log, warnings, opened);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    private static HadalServer start(
            Engine engine, ServerConfig config, RequestLog log, Consumer<String> warnings, Opened opened) {
        var limits = config.limits();
        engine.tokenizer();
        checkHost(config.host());
        checkTls(config);
        int rows = engine.options().prefillChunk() + limits.maxSequences();
        long bytes = MemoryPlan.sequenceBytes(
                        engine.config(),
                        engine.model().numerics(),
                        engine.contextLength(),
                        rows,
                        config.memory().cacheBytes())
                - 2 * config.memory().turnBytes();
        var options = SchedulerOptions.defaults(bytes)
                .withMaxSequences(limits.maxSequences())
                .withMaxWaiting(limits.maxWaiting())
                .withTenantLimits(limits.maxRunningPerTenant(), limits.maxWaitingPerTenant());
        var meter = new LoadMeter();
        var metrics = new Metrics(new PrometheusRegistry());
        var recorder = new FlightRecorder();
        var tracing = config.otlpEndpoint() == null
                ? null
                : opened.add(Tracing.to(config.otlpEndpoint(), config.modelName()), Tracing::close);
        var audit = config.auditLog() == null
                ? null
                : opened.add(AuditFile.open(config.auditLog(), warnings), AuditFile::close);
        var disk = config.disk() == null
                ? null
                : opened.add(
                        DiskTier.open(
                                config.disk().folder(),
                                engine.model(),
                                config.disk().maxBytes(),
                                warnings),
                        DiskTier::close);
        var cache = new PrefixCache(engine.model(), config.memory().cacheBytes(), disk);
        var scheduler = opened.add(
                Scheduler.start(engine, cache, options, meter.and(metrics).and(recorder)), Scheduler::close);
        metrics.watch(scheduler::load);
        metrics.watch(cache);
        double tokenBytes =
                SequenceSize.bytesPerToken(engine.config(), engine.model().numerics());
        metrics.gauge("hadal_token_bytes", "Heap that each token of a growing text takes.", () -> tokenBytes);
        var quotas = new Quotas(limits.quota(), InstantSource.system());
        var service = new ReplyService(
                engine,
                scheduler,
                new ReplyService.Options(
                        limits.defaultMaxTokens(),
                        config.memory().turnBytes(),
                        limits.keepAlive(),
                        config.parseSpecial()),
                observers(metrics, recorder, tracing),
                quotas,
                audit);
        var readiness = new Readiness(service, config, options, warnings);
        var server = new HadalServer(config, scheduler, service, quotas, cache, meter, metrics, log, readiness, opened);
        server.listen();
        readiness.begin();
        return server;
    }

    private static ReplyObserver observers(Metrics metrics, FlightRecorder recorder, @Nullable Tracing tracing) {
        return ReplyObserver.all(tracing == null ? List.of(metrics, recorder) : List.of(metrics, recorder, tracing));
    }

    /// Whether being on this machine is all that a client needs.
    private static boolean trustsThisMachine(ServerConfig config) {
        return config.apiKeys().isEmpty()
                && new InetSocketAddress(config.host(), 0).getAddress().isLoopbackAddress();
    }

    private static void checkHost(String host) {
        if (host.isBlank() || new InetSocketAddress(host, 0).isUnresolved()) {
            throw new HadalException("there is no address '" + host + "' to listen at; choose one of this machine"
                    + " (127.0.0.1 for itself alone, 0.0.0.0 for all networks)");
        }
    }

    private static void checkTls(ServerConfig config) {
        var tls = config.tls();
        if (tls != null) {
            for (Path file : new Path[] {tls.certificate(), tls.key()}) {
                if (!Files.isReadable(file)) {
                    throw new HadalException(
                            "the TLS file " + file + " is missing or cannot be read; give PEM files of the certificate"
                                    + " (--ssl-certfile) and its key (--ssl-keyfile)");
                }
            }
        }
    }

    private static WebServer webServer(ServerConfig config, Routes routes) {
        var limits = config.limits();
        var connections = new Connections(limits.patience());
        WebServerConfig.Builder builder = WebServer.builder()
                .host(config.host())
                .port(config.port())
                .maxTcpConnections(limits.maxConnections())
                // The JDK's TLS sockets may be read and written at the same time.
                .useNio(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(connections)
                .shutdownHook(false)
                .shutdownGracePeriod(LAST_WORDS)
                .connectionOptions(connections.socketOptions())
                .directHandlers(routes.directHandlers())
                .routing(routes::add);
        var tls = config.tls();
        if (tls != null) {
            builder.tls(tls(tls));
        }
        return builder.build();
    }

    private static Tls tls(ServerConfig.Tls files) {
        try {
            return Tls.builder()
                    .privateKey(Keys.builder()
                            .pem(pem -> pem.key(Resource.create(files.key()))
                                    .certChain(Resource.create(files.certificate())))
                            .build())
                    .privateKeyCertChain(Keys.builder()
                            .pem(pem -> pem.certChain(Resource.create(files.certificate())))
                            .build())
                    .build();
        } catch (RuntimeException e) {
            throw new HadalException(
                    "the TLS files " + files.certificate() + " and " + files.key() + " cannot be used ("
                            + e.getMessage() + "); give PEM files, the key in PKCS#8 and without a password"
                            + " (openssl pkcs8 -topk8 -nocrypt)",
                    e);
        }
    }

    private void listen() {
        try {
            web.start();
        } catch (RuntimeException e) {
            throw new HadalException(cannotListen(), e);
        }
        // A port that is taken is logged there, and not thrown.
        if (!web.isRunning()) {
            throw new HadalException(cannotListen());
        }
    }

    private String cannotListen() {
        return "cannot listen at " + config.host() + " port " + config.port()
                + "; it is taken or not this machine's, choose another --port or --host";
    }

    /// The port it listens at.
    public int port() {
        return web.port();
    }

    /// The address of its page.
    public URI uri() {
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return URI.create((config.tls() == null ? "http" : "https") + "://" + host + ":" + port() + "/");
    }

    /// Completed when it is ready, with how long the warm-up took; cancelled if it is closed before.
    public CompletableFuture<Duration> ready() {
        return readiness.when();
    }

    /// What runs and waits.
    public Scheduler.Load load() {
        return scheduler.load();
    }

    /// What the scheduler may use.
    public SchedulerOptions schedulerOptions() {
        return scheduler.options();
    }

    /// Takes no more requests and waits until those taken have ended.
    ///
    /// @return whether they have; if not, the time was over
    public boolean drain(Duration most) throws InterruptedException {
        return scheduler.drain(most);
    }

    /// Ends what still runs, and stops listening.
    @Override
    public void close() {
        readiness.close();
        // Before the clients go: they are told.
        scheduler.close();
        web.stop();
        opened.close();
    }
}
