package ai.hadal.cli.remote;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A server that speaks the chat API of OpenAI. Every failure is a sentence that names its address.
public final class RemoteServer implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int REFUSED = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNPROCESSABLE = 422;

    /// More models than this are not listed in a sentence.
    private static final int MOST_NAMED = 10;

    /// More of an error or a list than this is not read.
    private static final int MOST_BYTES = 1 << 24;

    private final URI base;
    private final @Nullable String key;
    private final Duration silence;
    private final ServerFailures failures;
    // Over plain HTTP, the default would ask every server to change to HTTP/2, and not all take that well.
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /// @param url with or without `/v1`
    /// @param key sent as bearer token; null for none
    /// @param silence how long the server may say nothing
    /// @throws HadalException if the URL or the key can't be one
    public RemoteServer(String url, @Nullable String key, Duration silence) {
        this.base = ServerUrl.base(url);
        this.key = key == null || key.isBlank() ? null : key.strip();
        this.silence = silence;
        this.failures = new ServerFailures(base, this.key != null);
        if (this.key != null && !this.key.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new HadalException("the API key has characters that no key has; check --api-key or HADAL_API_KEY");
        }
    }

    /// The address of the API.
    public URI base() {
        return base;
    }

    ServerFailures failures() {
        return failures;
    }

    /// The names of its models.
    ///
    /// @throws HadalException if it can't be reached or doesn't list any
    public List<String> models() {
        var request = request("/models").GET().build();
        var body = new StringBuilder();
        try (var call = new ServerCall(client, request, failures, silence, this::receiveWhole)) {
            while (true) {
                switch (call.next(() -> false)) {
                    case ServerCall.Item.Body(String text) -> body.append(text);
                    case ServerCall.Item.Event _, ServerCall.Item.Cancelled _ -> {}
                    case ServerCall.Item.Failure(var reason) -> throw reason;
                    case ServerCall.Item.End _ -> {
                        return models(body.toString());
                    }
                }
            }
        }
    }

    private List<String> models(String body) {
        List<String> names = json(body)
                .path("data")
                .valueStream()
                .map(model -> model.path("id").asString(""))
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.isEmpty()) {
            throw new HadalException(base + "/models names no model; give one with --model");
        }
        return names;
    }

    private void receiveWhole(HttpResponse<InputStream> response, ServerCall.Sink sink)
            throws IOException, InterruptedException {
        String body = text(response);
        if (response.statusCode() != OK) {
            throw failures.status(response.statusCode(), message(body));
        }
        sink.put(new ServerCall.Item.Body(body));
    }

    /// Asks for a streamed answer.
    ServerCall chat(ObjectNode body) {
        var request = request("/chat/completions")
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        String model = body.path("model").asString("");
        return new ServerCall(
                client, request, failures, silence, (response, sink) -> receiveEvents(response, sink, model));
    }

    private void receiveEvents(HttpResponse<InputStream> response, ServerCall.Sink sink, String model)
            throws IOException, InterruptedException {
        int status = response.statusCode();
        if (status != OK) {
            String message = message(text(response));
            if (status == REFUSED || status == NOT_FOUND || status == UNPROCESSABLE) {
                checkModel(model);
            }
            throw failures.status(status, message);
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("text/event-stream")) {
            throw failures.noStream(type);
        }
        var events = new ServerEvents(response.body(), sink::alive);
        for (var data = events.next(); data != null; data = events.next()) {
            sink.put(new ServerCall.Item.Event(data));
        }
    }

    /// Says so if a request was refused because the server doesn't know the model.
    private void checkModel(String model) {
        List<String> names;
        try {
            names = models();
        } catch (HadalException _) {
            // Then what it said itself must do.
            return;
        }
        if (!names.contains(model)) {
            throw failures.unknownModel(
                    model,
                    names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                            + (names.size() > MOST_NAMED ? ", ..." : ""));
        }
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(base + path));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return request;
    }

    private static String text(HttpResponse<InputStream> response) throws IOException {
        return new String(response.body().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }

    /// What an error's body says: the message of the OpenAI form, or of those near it, or the body if it is
    /// short.
    private static String message(String body) {
        var json = json(body);
        for (var at :
                List.of(json.at("/error/message"), json.path("message"), json.path("detail"), json.path("error"))) {
            if (at.isString()) {
                return at.stringValue();
            }
        }
        return body.stripLeading().startsWith("<") ? "" : body;
    }

    /// The tree of a JSON text; of any other text, a tree with nothing in it.
    static JsonNode json(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException _) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
