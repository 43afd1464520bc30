package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.Settings;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a response that say again what was asked for, defaults filled in.
final class ResponseEcho {

    private static final int MOST_METADATA = 16;
    private static final int LONGEST_METADATA = 512;

    private ResponseEcho() {}

    /// @param tools as the response tells them
    static ObjectNode of(Fields body, Settings settings, List<JsonNode> tools) {
        ObjectNode echo = JsonNodeFactory.instance.objectNode();
        echo.put("background", false);
        for (String field : new String[] {"instructions", "max_output_tokens", "previous_response_id", "user"}) {
            echo.set(field, body.value(field));
        }
        echo.putNull("max_tool_calls");
        echo.set("metadata", metadata(body));
        echo.put("parallel_tool_calls", body.bool("parallel_tool_calls", true));
        var reasoning = body.object("reasoning");
        echo.putObject("reasoning")
                .put("effort", reasoning == null ? null : reasoning.string("effort"))
                .put("summary", reasoning == null ? null : reasoning.string("summary"));
        echo.put("service_tier", "default").put("store", body.bool("store", true));
        echo.put("temperature", settings.sampling().temperature());
        JsonNode text = body.value("text");
        ObjectNode said = text == null ? echo.objectNode() : ((ObjectNode) text).deepCopy();
        if (!said.hasNonNull("format")) {
            said.putObject("format").put("type", "text");
        }
        echo.set("text", said);
        JsonNode choice = body.value("tool_choice");
        echo.set("tool_choice", choice == null ? echo.stringNode("auto") : choice);
        echo.putArray("tools").addAll(tools);
        echo.put("top_logprobs", Math.max(0, settings.logprobs())).put("top_p", body.number("top_p", 1, 0, 1));
        return echo.put("truncation", body.string("truncation", "disabled"));
    }

    private static ObjectNode metadata(Fields body) {
        var metadata = body.object("metadata");
        if (metadata == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        for (var entry : metadata.json().properties()) {
            if (!entry.getValue().isString()
                    || entry.getValue().stringValue().length() > LONGEST_METADATA
                    || metadata.json().size() > MOST_METADATA) {
                throw ApiException.invalid(
                        "metadata",
                        "'metadata' must have up to " + MOST_METADATA + " texts of up to " + LONGEST_METADATA
                                + " letters");
            }
        }
        return ((ObjectNode) metadata.json()).deepCopy();
    }
}
