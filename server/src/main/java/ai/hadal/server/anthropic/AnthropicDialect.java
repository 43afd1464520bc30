package ai.hadal.server.anthropic;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.Dialect;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.reply.Standing;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Errors of the Messages API: `{"type": "error", "error": {"type", "message"}, "request_id"}`.
public final class AnthropicDialect implements Dialect {

    /// Code of an error by which a client knows that it has to send whole conversations; the only one that this API
    /// tells.
    static final String NO_THREADS = "thread_unsupported_request";

    private static final int OVERLOADED = 529;

    @Override
    public ObjectNode error(ApiException error, String requestId) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "error");
        var told = json.putObject("error").put("type", type(error.kind())).put("message", message(error));
        if (NO_THREADS.equals(error.code())) {
            told.putObject("details").put("error_code", NO_THREADS);
        }
        return json.put("request_id", requestId);
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case INVALID_REQUEST, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA -> "invalid_request_error";
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case TIMEOUT -> "timeout_error";
            case TOO_LARGE -> "request_too_large";
            case RATE_LIMITED -> "rate_limit_error";
            case INTERNAL -> "api_error";
            case UNAVAILABLE -> "overloaded_error";
        };
    }

    /// Agents know by these words that they have to shorten the conversation: the API has no code for it.
    private static String message(ApiException error) {
        return "context_length_exceeded".equals(error.code())
                ? "prompt is too long: " + error.getMessage()
                : String.valueOf(error.getMessage());
    }

    @Override
    public void error(EventStream stream, ApiException error, String requestId) throws IOException {
        stream.event("error", error(error, requestId));
    }

    /// `anthropic-ratelimit-requests-limit`, `-remaining` and `-reset`, and the same of tokens.
    @Override
    public Map<String, String> quotaHeaders(Standing standing) {
        var headers = new LinkedHashMap<String, String>();
        put(headers, "requests", standing.requests(), standing.at());
        put(headers, "tokens", standing.tokens(), standing.at());
        return headers;
    }

    private static void put(Map<String, String> headers, String what, Standing.@Nullable Level level, Instant now) {
        if (level != null) {
            String prefix = "anthropic-ratelimit-" + what;
            headers.put(prefix + "-limit", Long.toString(level.limit()));
            headers.put(prefix + "-remaining", Long.toString(level.left()));
            headers.put(
                    prefix + "-reset",
                    now.plus(level.untilFull()).truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    @Override
    public int status(ApiException error) {
        return error.kind() == Kind.UNAVAILABLE ? OVERLOADED : error.kind().status();
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }
}
