package ai.hadal.cli.remote;

import ai.hadal.Transcript;
import ai.hadal.chat.ThinkingMode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The body of a request for a streamed answer.
final class RemoteRequest {

    private RemoteRequest() {}

    /// @param mode in the fields of DeepSeek's API; null leaves it to the server
    static ObjectNode of(String model, Transcript transcript, @Nullable ThinkingMode mode, ObjectNode fields) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", model);
        body.set("messages", messages(transcript, body));
        body.put("stream", true).putObject("stream_options").put("include_usage", true);
        if (mode != null) {
            body.putObject("thinking").put("type", mode == ThinkingMode.NON_THINK ? "disabled" : "enabled");
        }
        if (mode == ThinkingMode.HIGH || mode == ThinkingMode.MAX) {
            body.put("reasoning_effort", mode == ThinkingMode.MAX ? "max" : "high");
        }
        body.setAll(fields);
        return body;
    }

    /// Tools and the form of the reply stand in the request, not in its messages. Reasoning goes back with
    /// the calls that came of it, which DeepSeek's API asks for; of other messages it takes none.
    private static ArrayNode messages(Transcript transcript, ObjectNode body) {
        var messages = transcript.toJson();
        for (JsonNode message : messages.values()) {
            var object = (ObjectNode) message;
            for (String field : new String[] {"tools", "response_format"}) {
                var value = object.remove(field);
                if (value != null) {
                    body.set(field, value);
                }
            }
            if (!object.has("tool_calls")) {
                object.remove("reasoning_content");
            }
        }
        return messages;
    }
}
