package ai.hadal.server.openai;

import ai.hadal.server.http.RandomId;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What every part of one response begins with.
///
/// @param id names the response
/// @param model as the client called it
/// @param created seconds since 1970
record Heading(String id, String model, long created) {

    /// What the ids of responses begin with.
    static final String RESPONSE = "resp_";

    private static final long MILLIS = 1000;

    static Heading of(String prefix, String model) {
        return new Heading(RandomId.of(prefix), model, System.currentTimeMillis() / MILLIS);
    }

    /// A new object with these fields.
    ///
    /// @param kind its `object` field
    ObjectNode json(String kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", kind)
                .put("created", created)
                .put("model", model);
    }
}
