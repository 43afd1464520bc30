package ai.hadal.server.anthropic;

import ai.hadal.server.http.RandomId;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a message begins with.
///
/// @param id names the message
/// @param model as the client called it
record Heading(String id, String model) {

    static Heading of(String model) {
        return new Heading(RandomId.of("msg_"), model);
    }

    /// A message without content that has not ended.
    ///
    /// @param usage token counts so far
    ObjectNode message(ObjectNode usage) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("type", "message").put("role", "assistant").put("model", model);
        json.putArray("content");
        json.putNull("container");
        json.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
        json.set("usage", usage);
        return json;
    }
}
