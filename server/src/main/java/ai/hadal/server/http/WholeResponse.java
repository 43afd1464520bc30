package ai.hadal.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// Responses whose body is known as a whole.
final class WholeResponse {

    private WholeResponse() {}

    static void json(ServerRequest request, ServerResponse response, int status, JsonNode json) {
        response.status(Status.create(status));
        response.header(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
        send(request, response, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Sends the body, or to a `HEAD` request its length alone.
    static void send(ServerRequest request, ServerResponse response, byte[] body) {
        if (request.prologue().method().equals(Method.HEAD)) {
            response.headers().contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }
}
