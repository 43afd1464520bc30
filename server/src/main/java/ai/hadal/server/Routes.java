package ai.hadal.server;

import ai.hadal.server.anthropic.AnthropicDialect;
import ai.hadal.server.anthropic.Messages;
import ai.hadal.server.anthropic.ModelList;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.Call;
import ai.hadal.server.http.Dialect;
import ai.hadal.server.http.Endpoint;
import ai.hadal.server.http.Gate;
import ai.hadal.server.http.ModelNames;
import ai.hadal.server.openai.ChatCompletions;
import ai.hadal.server.openai.Completions;
import ai.hadal.server.openai.Models;
import ai.hadal.server.openai.OpenAiDialect;
import ai.hadal.server.openai.ResponseDialect;
import ai.hadal.server.openai.ResponseStore;
import ai.hadal.server.openai.Responses;
import ai.hadal.server.operations.Status;
import ai.hadal.server.operations.TokenEndpoints;
import ai.hadal.server.reply.ReplyService;
import ai.hadal.server.telemetry.Metrics;
import ai.hadal.server.telemetry.MetricsEndpoint;
import ai.hadal.server.web.WebPage;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which endpoint answers which path.
final class Routes {

    /// Clients of these APIs put `/v1` at the end of the address that they are given, or do not.
    private static final String[] OPENAI_ROOTS = {"/v1", "", "/beta", "/beta/v1"};

    /// DeepSeek serves Anthropic's API under a root of its own.
    private static final String[] ANTHROPIC_ROOTS = {"/v1", "/anthropic/v1"};

    private static final HeaderName ANTHROPIC_VERSION = HeaderNames.create("anthropic-version");

    private final Gate gate;
    private final ReplyService service;
    private final ModelNames names;
    private final Status status;
    private final MetricsEndpoint metrics;
    private final ResponseStore responseStore;
    private final Dialect openai = new OpenAiDialect();
    private final Dialect anthropic = new AnthropicDialect();

    Routes(ServerConfig config, Gate gate, ReplyService service, Status status, Metrics metrics) {
        this.gate = gate;
        this.service = service;
        this.names = new ModelNames(config.modelName(), config.mode());
        this.metrics = new MetricsEndpoint(metrics);
        this.status = status;
        this.responseStore = new ResponseStore(config.memory().turnBytes());
    }

    void add(HttpRouting.Builder routing) {
        var models = new Models(
                names, service.engine().contextLength(), Instant.now().getEpochSecond());
        var claudes = new ModelList(names, service.engine().contextLength(), Instant.now());
        var chat = new ChatCompletions(service, names);
        var completions = new Completions(service, names);
        var responses = new Responses(service, names, responseStore);
        var responseDialect = new ResponseDialect();
        for (String root : OPENAI_ROOTS) {
            answers(routing, root + "/responses", responseDialect, responses::create);
            get(routing, root + "/responses/{id}", responseDialect, responses::get);
            routing.delete(root + "/responses/{id}", gate.guarded(responseDialect, responses::delete));
            answers(routing, root + "/chat/completions", openai, chat);
            answers(routing, root + "/completions", openai, completions);
            get(routing, root + "/models", openai, models::list, claudes::list);
            get(routing, root + "/models/{+id}", openai, models::get, claudes::get);
            post(routing, root + "/embeddings", openai, Routes::noEmbeddings);
        }
        var tokens = new TokenEndpoints(service.engine().tokenizer());
        post(routing, "/tokenize", openai, tokens::tokenize);
        post(routing, "/detokenize", openai, tokens::detokenize);
        open(routing, "/health", status::health);
        open(routing, "/ready", status::ready);
        get(routing, "/load", openai, status::load);
        get(routing, "/metrics", openai, metrics::get);
        var page = new WebPage();
        open(routing, "/", page::index);
        open(routing, "/{file}", page::file);
        addAnthropic(routing, claudes);
        routing.any(gate.open(openai, Routes::nothing));
    }

    private void addAnthropic(HttpRouting.Builder routing, ModelList models) {
        var messages = new Messages(service, names);
        for (String root : ANTHROPIC_ROOTS) {
            answers(routing, root + "/messages", anthropic, messages);
            post(routing, root + "/messages/count_tokens", anthropic, messages::countTokens);
            routing.any(root + "/messages/*", gate.open(anthropic, Routes::nothing));
        }
        get(routing, "/anthropic/v1/models", anthropic, models::list);
        get(routing, "/anthropic/v1/models/{+id}", anthropic, models::get);
        routing.any("/anthropic/*", gate.open(anthropic, Routes::nothing));
    }

    private static void nothing(Call call) {
        throw new ApiException(
                Kind.NOT_FOUND,
                "there is nothing at " + call.request().prologue().method().text() + " "
                        + call.request().path().path() + "; see the documentation for what this server has");
    }

    private void answers(HttpRouting.Builder routing, String path, Dialect dialect, Endpoint endpoint) {
        routing.post(path, gate.metered(dialect, endpoint));
        onlyPost(routing, path, dialect);
    }

    private void post(HttpRouting.Builder routing, String path, Dialect dialect, Endpoint endpoint) {
        routing.post(path, gate.guarded(dialect, endpoint));
        onlyPost(routing, path, dialect);
    }

    private void onlyPost(HttpRouting.Builder routing, String path, Dialect dialect) {
        routing.any(path, gate.open(dialect, call -> {
            call.response().header(HeaderNames.ALLOW, "POST");
            throw new ApiException(Kind.METHOD_NOT_ALLOWED, path + " takes POST requests; send one");
        }));
    }

    private void get(HttpRouting.Builder routing, String path, Dialect dialect, Endpoint endpoint) {
        gets(routing, path, gate.guarded(dialect, endpoint));
    }

    /// A path that both APIs have: clients of Anthropic's say its version.
    private void get(
            HttpRouting.Builder routing, String path, Dialect dialect, Endpoint endpoint, Endpoint ofAnthropic) {
        get(routing, path, dialect, call -> {
            var asked = call.request().headers().contains(ANTHROPIC_VERSION) ? ofAnthropic : endpoint;
            asked.handle(call);
        });
    }

    private void open(HttpRouting.Builder routing, String path, Endpoint endpoint) {
        gets(routing, path, gate.open(openai, endpoint));
    }

    private static void gets(HttpRouting.Builder routing, String path, Handler handler) {
        routing.get(path, handler).head(path, handler);
    }

    private static void noEmbeddings(Call call) {
        throw new ApiException(
                Kind.NOT_FOUND,
                "not_supported",
                null,
                "this model gives no embeddings; use an embedding model for them");
    }

    /// What is answered to bytes that are no request, before any route is found.
    DirectHandlers directHandlers() {
        DirectHandler handler = (request, type, given, headers, message) -> {
            var error = noRequest(request, type, given, message);
            var status =
                    error.kind() == Kind.UNSUPPORTED_MEDIA ? io.helidon.http.Status.UNSUPPORTED_MEDIA_TYPE_415 : given;
            return DirectHandler.TransportResponse.builder()
                    .status(status)
                    .headers(headers)
                    .header(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
                    .entity(openai.error(error, "").toString().getBytes(StandardCharsets.UTF_8))
                    .build();
        };
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            if (type != DirectHandler.EventType.INTERNAL_ERROR) {
                handlers.addHandler(type, handler);
            }
        }
        return handlers.build();
    }

    private static ApiException noRequest(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType type,
            io.helidon.http.Status status,
            @Nullable String message) {
        if (status.equals(io.helidon.http.Status.REQUEST_TIMEOUT_408)) {
            return new ApiException(Kind.TIMEOUT, "the request's headers came too slowly; send them faster");
        }
        if (status.equals(io.helidon.http.Status.HTTP_VERSION_NOT_SUPPORTED_505)) {
            return new ApiException(
                    Kind.INVALID_REQUEST,
                    "this server speaks HTTP/1.1 alone; tell a proxy in front of it to (nginx: proxy_http_version 1.1)");
        }
        if (request.headers().contains(HeaderNames.CONTENT_ENCODING)) {
            return new ApiException(
                    Kind.UNSUPPORTED_MEDIA, "this server reads no compressed bodies; send it without Content-Encoding");
        }
        return new ApiException(
                type == DirectHandler.EventType.PAYLOAD_TOO_LARGE ? Kind.TOO_LARGE : Kind.INVALID_REQUEST,
                "this is no valid HTTP request" + (message == null ? "" : " (" + message + ")") + "; send one");
    }
}
