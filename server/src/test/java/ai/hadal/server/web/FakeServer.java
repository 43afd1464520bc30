package ai.hadal.server.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server for the page's tests: it serves the page's files under a strict Content-Security-Policy and answers
/// each question with the next script. What it was asked is kept.
final class FakeServer implements AutoCloseable {

    /// One answer of `/v1/chat/completions`.
    interface Script {
        void play(ScriptedReply reply) throws IOException, InterruptedException;
    }

    static final String MODEL = "hadal-test";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String POLICY =
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; object-src 'none'; "
                    + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private final HttpServer server;
    private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    volatile @Nullable String key;
    volatile List<String> models = List.of(MODEL);
    volatile String load = """
            {"model": "hadal-test", "profile": "f32", "context": 65536, "running": 1, "waiting": 2,
             "prefill_tokens_per_second": 812.4, "decode_tokens_per_second": 31.2, "cache_hit_rate": 0.874,
             "cache_bytes": 3221225472, "uptime_seconds": 93784}""";

    FakeServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    /// Adds the script of an answer.
    FakeServer then(Script script) {
        scripts.add(script);
        return this;
    }

    /// The bodies of all questions so far.
    List<JsonNode> requests() {
        return requests;
    }

    JsonNode lastRequest() {
        return requests.getLast();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            if ((path.startsWith("/v1/") || path.equals("/load")) && !hasKey(exchange)) {
                json(exchange, 401, error("A key is needed: send it as a bearer token.", "authentication_error"));
                return;
            }
            switch (path) {
                case "/load" -> json(exchange, 200, load);
                case "/v1/models" -> json(exchange, 200, modelList());
                case "/v1/chat/completions" -> answer(exchange);
                default -> file(exchange, path.equals("/") ? "index.html" : path.substring(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasKey(HttpExchange exchange) {
        return key == null
                || ("Bearer " + key).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        requests.add(JSON.readTree(exchange.getRequestBody()));
        var script = scripts.poll();
        if (script == null) {
            json(exchange, 500, error("The test has no script for this question.", "server_error"));
        } else {
            script.play(new ScriptedReply(exchange));
        }
    }

    private String modelList() {
        return JSON.writeValueAsString(Map.of(
                "object",
                "list",
                "data",
                models.stream().map(id -> Map.of("id", id)).toList()));
    }

    static String error(String message, String type) {
        return JSON.writeValueAsString(Map.of("error", Map.of("message", message, "type", type)));
    }

    static void json(HttpExchange exchange, int status, String body) throws IOException {
        send(exchange, status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private static void file(HttpExchange exchange, String name) throws IOException {
        try (var resource = FakeServer.class.getResourceAsStream("/ai/hadal/server/web/" + name)) {
            var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            if (resource == null || type == null) {
                json(exchange, 404, error("There is no " + name + ".", "not_found"));
                return;
            }
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            send(exchange, 200, type, resource.readAllBytes());
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
