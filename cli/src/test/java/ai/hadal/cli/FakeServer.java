package ai.hadal.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server that answers requests as it was told before, one after the other.
final class FakeServer implements AutoCloseable {

    /// What to do with a request for an answer.
    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    /// Writes a part of a stream.
    interface Stream {
        void write(OutputStream out) throws IOException;
    }

    /// The bodies of the requests for answers.
    final List<JsonNode> requests = new CopyOnWriteArrayList<>();

    /// The keys of all requests, "" where one had none.
    final List<String> keys = new CopyOnWriteArrayList<>();

    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Reply models = json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"deep\"},{\"id\":\"flat\"}]}");

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/models", exchange -> {
            note(exchange);
            models.to(exchange);
        });
        server.createContext("/v1/chat/completions", exchange -> {
            note(exchange);
            requests.add(JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
            var reply = replies.poll();
            (reply == null ? json(500, "{\"error\":{\"message\":\"no reply is left\"}}") : reply).to(exchange);
        });
        server.start();
    }

    private void note(HttpExchange exchange) {
        String key = exchange.getRequestHeaders().getFirst("Authorization");
        keys.add(key == null ? "" : key);
    }

    String url() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
    }

    FakeServer then(Reply reply) {
        replies.add(reply);
        return this;
    }

    FakeServer models(Reply reply) {
        models = reply;
        return this;
    }

    /// A whole JSON response.
    static Reply json(int status, String body) {
        return whole(status, "application/json", body);
    }

    static Reply whole(int status, String type, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            try (var out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        };
    }

    /// A stream of events.
    static Reply stream(Stream content) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            try (var out = exchange.getResponseBody()) {
                content.write(out);
            }
        };
    }

    /// A stream of these events, which ends in good order.
    static Reply events(String... data) {
        return stream(out -> {
            for (String one : data) {
                send(out, "data: " + one + "\n\n");
            }
            send(out, "data: [DONE]\n\n");
        });
    }

    static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// A chunk whose delta has these fields.
    static String delta(String fields) {
        return "{\"choices\":[{\"index\":0,\"delta\":{" + fields + "},\"finish_reason\":null}]}";
    }

    static String text(String text) {
        return delta("\"content\":\"" + text + "\"");
    }

    static String finish(String reason) {
        return "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}";
    }

    /// A whole short answer.
    static Reply says(String text) {
        return events(text(text), finish("stop"));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
