package ai.hadal.server.http;

import ai.hadal.server.connection.Inbound;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.EventStream.ClientGoneException;
import ai.hadal.server.reply.Caller;
import ai.hadal.server.reply.Quotas;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Every request passes here: it is named, its key and quotas are checked, its endpoint answers, and what goes wrong
/// is said in the dialect of its API. Nothing a client sends can end more than its own request.
public final class Gate {

    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
    private static final HeaderName TRACE_PARENT = HeaderNames.create("traceparent");
    private static final String BEARER = "bearer ";
    private static final long MILLIS = 1000;

    private final ApiKeys keys;
    private final Origins origins;
    private final long mostBytes;
    private final Quotas quotas;
    private final RequestLog log;

    /// Who may pass.
    private enum Access {
        ALL,
        KEYS,
        /// Keys that have something left of their quotas.
        QUOTAS
    }

    /// @param mostBytes longest request body
    public Gate(ApiKeys keys, Origins origins, long mostBytes, Quotas quotas, RequestLog log) {
        this.keys = keys;
        this.origins = origins;
        this.mostBytes = mostBytes;
        this.quotas = quotas;
        this.log = log;
    }

    /// A handler for requests that need a key, if there are any keys.
    public Handler guarded(Dialect dialect, Endpoint endpoint) {
        return (request, response) -> handle(request, response, dialect, endpoint, Access.KEYS);
    }

    /// A handler for requests that need a key, if there are any keys, and count against its quotas.
    public Handler metered(Dialect dialect, Endpoint endpoint) {
        return (request, response) -> handle(request, response, dialect, endpoint, Access.QUOTAS);
    }

    /// A handler for requests of everyone.
    public Handler open(Dialect dialect, Endpoint endpoint) {
        return (request, response) -> handle(request, response, dialect, endpoint, Access.ALL);
    }

    private void handle(
            ServerRequest request, ServerResponse response, Dialect dialect, Endpoint endpoint, Access access) {
        long start = System.nanoTime();
        Inbound.current().ifPresent(Inbound::headEnded);
        String id = RandomId.of("req_");
        response.header(dialect.requestIdHeader(), id);
        String tenant = "";
        Call call = null;
        Throwable failure = null;
        try {
            if (origins.check(request, response)) {
                return;
            }
            tenant = access == Access.ALL ? "" : tenant(request);
            var caller =
                    new Caller(tenant, id, request.headers().first(TRACE_PARENT).orElse(""));
            call = new Call(request, response, caller, mostBytes, () -> {
                if (access == Access.QUOTAS) {
                    tellQuotas(response, dialect, caller.tenant());
                }
            });
            if (access == Access.QUOTAS) {
                quotas.request(tenant);
            }
            endpoint.handle(call);
        } catch (ClientGoneException e) {
            failure = e;
            throw new CloseConnectionException("the client has gone", e);
        } catch (IOException | RuntimeException e) {
            failure = e;
            answer(call, request, response, dialect, e, id);
            if (call != null && call.isBroken()) {
                // Or the web server would look for the rest of the body, and answer once more.
                throw new CloseConnectionException("the request's body is broken");
            }
        } finally {
            Inbound.current().ifPresent(Inbound::answered);
            log.done(new RequestLog.Entry(
                    id,
                    tenant,
                    request.prologue().method().text(),
                    request.path().path(),
                    request.matchingPattern().orElse("other"),
                    response.status().code(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    failure));
        }
    }

    private void tellQuotas(ServerResponse response, Dialect dialect, String tenant) {
        dialect.quotaHeaders(quotas.standing(tenant))
                .forEach((name, value) -> response.header(HeaderNames.create(name), value));
    }

    private String tenant(ServerRequest request) {
        if (!keys.needed()) {
            return request.remotePeer().host();
        }
        return keys.name(key(request))
                .orElseThrow(() -> new ApiException(
                        Kind.UNAUTHENTICATED,
                        "invalid_api_key",
                        null,
                        "the API key is missing or wrong; send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'"));
    }

    private static @Nullable String key(ServerRequest request) {
        String bearer =
                request.headers().first(HeaderNames.AUTHORIZATION).orElse("").strip();
        if (bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return bearer.substring(BEARER.length()).strip();
        }
        return request.headers().first(API_KEY).orElse(null);
    }

    private static void answer(
            @Nullable Call call,
            ServerRequest request,
            ServerResponse response,
            Dialect dialect,
            Exception thrown,
            String id) {
        var expected = Errors.expected(thrown);
        var error = expected == null ? Errors.internal(id) : expected;
        var stream = call == null ? null : call.begun();
        if (stream != null) {
            try (stream) {
                dialect.error(stream, error, id);
            } catch (IOException _) {
                // The client is not there to hear of it.
            }
            return;
        }
        if (response.isSent()) {
            return;
        }
        if (call != null) {
            call.tellQuotas();
        }
        if (error.kind() == Kind.RATE_LIMITED || error.kind() == Kind.UNAVAILABLE) {
            response.header(
                    HeaderNames.RETRY_AFTER,
                    Long.toString(Math.ceilDiv(error.untilRetry().toMillis(), MILLIS)));
        }
        if (error.kind() == Kind.UNAUTHENTICATED) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        WholeResponse.json(request, response, dialect.status(error), dialect.error(error, id));
    }
}
