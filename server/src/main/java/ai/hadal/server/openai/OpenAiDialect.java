package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Dialect;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.reply.Standing;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Errors of the OpenAI API: `{"error": {"message", "type", "param", "code"}}`.
public final class OpenAiDialect implements Dialect {

    @Override
    public ObjectNode error(ApiException error, String requestId) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("error")
                .put("message", error.getMessage())
                .put("type", type(error))
                .put("param", error.parameter())
                .put("code", error.code());
        return json;
    }

    private static String type(ApiException error) {
        return switch (error.kind()) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case RATE_LIMITED -> "rate_limit_error";
            case INTERNAL, UNAVAILABLE -> "server_error";
            default -> "invalid_request_error";
        };
    }

    /// `x-ratelimit-limit-requests`, `-remaining-` and `-reset-`, and the same of tokens.
    @Override
    public Map<String, String> quotaHeaders(Standing standing) {
        var headers = new LinkedHashMap<String, String>();
        put(headers, "requests", standing.requests());
        put(headers, "tokens", standing.tokens());
        return headers;
    }

    private static void put(Map<String, String> headers, String what, Standing.@Nullable Level level) {
        if (level != null) {
            headers.put("x-ratelimit-limit-" + what, Long.toString(level.limit()));
            headers.put("x-ratelimit-remaining-" + what, Long.toString(level.left()));
            headers.put("x-ratelimit-reset-" + what, duration(level.untilFull()));
        }
    }

    /// A duration as that API writes it: `120ms`, `6m0s`, `1h0m30s`.
    private static String duration(Duration duration) {
        if (duration.toSeconds() == 0) {
            return duration.toMillis() + "ms";
        }
        long hours = duration.toHours();
        String minutes = duration.toMinutes() == 0 ? "" : duration.toMinutesPart() + "m";
        return (hours == 0 ? "" : hours + "h") + minutes + duration.toSecondsPart() + "s";
    }

    @Override
    public void error(EventStream stream, ApiException error, String requestId) throws IOException {
        JsonNode json = error(error, requestId);
        stream.data(json);
        stream.data("[DONE]");
    }
}
