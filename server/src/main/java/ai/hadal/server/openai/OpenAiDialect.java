package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Dialect;
import ai.hadal.server.http.EventStream;
import java.io.IOException;
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

    @Override
    public void error(EventStream stream, ApiException error, String requestId) throws IOException {
        JsonNode json = error(error, requestId);
        stream.data(json);
        stream.data("[DONE]");
    }
}
