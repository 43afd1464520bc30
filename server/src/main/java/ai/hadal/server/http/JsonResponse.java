package ai.hadal.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// Responses of JSON.
final class JsonResponse {

    static final String TYPE = "application/json; charset=utf-8";

    private JsonResponse() {}

    static void send(ServerResponse response, int status, JsonNode json) {
        response.status(Status.create(status));
        response.header(HeaderNames.CONTENT_TYPE, TYPE);
        response.send(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
