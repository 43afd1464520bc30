package ai.hadal.server.http;

import ai.hadal.server.reply.Standing;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// How an API says that something went wrong.
public interface Dialect {

    /// The body of an error response.
    JsonNode error(ApiException error, String requestId);

    /// Tells of an error in the midst of a stream.
    void error(EventStream stream, ApiException error, String requestId) throws IOException;

    /// The HTTP status of an error response.
    default int status(ApiException error) {
        return error.kind().status();
    }

    /// The headers that tell what a tenant has left of its quotas, by name.
    Map<String, String> quotaHeaders(Standing standing);

    /// The header of every response that names the request.
    default String requestIdHeader() {
        return "x-request-id";
    }
}
