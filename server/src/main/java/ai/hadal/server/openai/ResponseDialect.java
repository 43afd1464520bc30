package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Dialect;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.reply.Standing;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Errors of the responses API: as everywhere in OpenAI's, but for those in a stream, which are events
/// `error` with the fields `code`, `message`, `param` and `sequence_number`.
public final class ResponseDialect implements Dialect {

    private final OpenAiDialect openai = new OpenAiDialect();

    @Override
    public JsonNode error(ApiException error, String requestId) {
        return openai.error(error, requestId);
    }

    @Override
    public Map<String, String> quotaHeaders(Standing standing) {
        return openai.quotaHeaders(standing);
    }

    @Override
    public void error(EventStream stream, ApiException error, String requestId) throws IOException {
        stream.event(
                "error",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "error")
                        .put("code", error.code())
                        .put("message", error.getMessage())
                        .put("param", error.parameter())
                        .put("sequence_number", stream.named()));
    }
}
