package ai.hadal.server;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.Speculation;
import ai.hadal.server.http.RequestLog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server of the built-in model at a free port.
public final class ServerUnderTest implements AutoCloseable {

    static final JsonMapper MAPPER = JsonMapper.shared();

    private static final Path MODEL = Path.of("../models/nano");
    private static final int PATIENCE_SECONDS = 60;

    private final Engine engine;
    private final HadalServer server;
    private final BlockingQueue<RequestLog.Entry> log;
    private final HttpClient client = HttpClient.newHttpClient();

    private ServerUnderTest(Engine engine, HadalServer server, BlockingQueue<RequestLog.Entry> log) {
        this.engine = engine;
        this.server = server;
        this.log = log;
    }

    public static ServerUnderTest start() {
        return start(config -> config);
    }

    public static ServerUnderTest start(UnaryOperator<ServerConfig> change) {
        return start(EngineOptions.defaults().withThreads(2).withSpeculation(Speculation.AUTO), change);
    }

    public static ServerUnderTest start(EngineOptions options, UnaryOperator<ServerConfig> change) {
        var engine = Engine.open(MODEL, options);
        var config = change.apply(ServerConfig.defaults("nano").withPort(0));
        var log = new LinkedBlockingQueue<RequestLog.Entry>();
        return new ServerUnderTest(engine, HadalServer.start(engine, config, log::add, warning -> {}), log);
    }

    public HadalServer server() {
        return server;
    }

    /// The next request that ended.
    public RequestLog.Entry ended() throws InterruptedException {
        return Objects.requireNonNull(log.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no request ended");
    }

    /// Waits until as many answers are worked on, and as many requests wait.
    public void awaitLoad(int running, int waiting) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (server.load().running() != running || server.load().waiting() != waiting) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it does not come to that load, but to " + server.load());
            }
            Thread.yield();
        }
    }

    public Engine engine() {
        return engine;
    }

    /// The address with a path.
    public URI uri(String path) {
        return server.uri().resolve(path);
    }

    /// An answer.
    public record Answer(int status, String body) {

        public JsonNode json() {
            return MAPPER.readTree(body);
        }
    }

    public Answer get(String path, String... headers) {
        return send(HttpRequest.newBuilder(uri(path)), headers);
    }

    public Answer post(String path, String body, String... headers) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                headers);
    }

    private Answer send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        engine.close();
        client.close();
    }
}
